package tunnel.programs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// `status` of both programs, while they run and while they do not.
class StatusIT {
    private Programs programs;

    @BeforeEach
    void open() throws Exception {
        programs = new Programs();
    }

    @AfterEach
    void close() throws Exception {
        programs.close();
    }

    private List<String> done(String program, String... arguments) throws Exception {
        RunningProgram ran = programs.start(program, arguments);
        assertThat(ran.exitCode()).as(ran.toString()).isZero();
        assertThat(ran.err()).isEmpty();
        return ran.out();
    }

    @Test
    void aRunningServerTellsItsSessionsAndTunnels() throws Exception {
        Programs.Server server = programs.server();
        Files.writeString(Files.createDirectory(programs.path("web")).resolve("hello"), "12345");
        programs.client("--local", programs.path("web").toString(), "--name", "blue-otter");
        for (int i = 0; i < 3; i++) {
            assertThat(Visit.get(server.httpPort(), "blue-otter.localhost", "/hello")).isEqualTo("HTTP/1.1 200 OK, 12345");
        }

        List<String> table = done("tunnel-server", "status");
        assertThat(table).allMatch(line -> line.length() <= 80);
        assertThat(table.getFirst()).matches("tunnel-server [\\w.-]+, process " + server.program().pid() + ", serving for \\d+ s");
        assertThat(table).anyMatch(line -> line.matches("session-\\d+ +first +127.0.0.1:\\d+ +\\d+ s +1 +\\d+ +\\d+"));
        assertThat(table).anyMatch(line -> line.matches("blue-otter +http +0 +3 +3 +3 +0 B +15 B"));
        assertThat(table).contains("  http://blue-otter.localhost:" + server.httpPort());

        List<String> json = done("tunnel-server", "status", "--json");
        assertThat(json)
                .startsWith("{")
                .endsWith("}")
                .contains(
                        "  \"state\": \"serving\",",
                        "  \"http_port\": " + server.httpPort() + ",",
                        "      \"token\": \"first\",",
                        "          \"name\": \"blue-otter\",",
                        "            \"bytes_out\": 15");

        assertThat(server.program().isAlive()).isTrue();
        server.program().signal("TERM");
        assertThat(server.program().exitCode()).isZero();
        RunningProgram none = programs.start("tunnel-server", "status");
        assertThat(none.exitCode()).isEqualTo(1);
        assertThat(none.err())
                .containsExactly("tunnel-server: no tunnel-server runs with the state directory " + programs.serverState()
                        + ". Start tunnel-server, or name another directory with --state-dir");
    }
}
