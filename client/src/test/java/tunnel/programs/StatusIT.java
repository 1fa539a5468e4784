package tunnel.programs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tunnel.fixture.ClosedPort;

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
        assertThat(table.getFirst()).matches("tunnel-server .+, process " + server.program().pid() + ", serving for \\d+ s");
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
        RunningProgram elsewhere = programs.start("tunnel-server", "--state-dir", "nowhere", "status");
        assertThat(elsewhere.exitCode()).isEqualTo(1);
        assertThat(elsewhere.err())
                .containsExactly("tunnel-server: there is no state directory nowhere. Start tunnel-server once first, or name another"
                        + " with --state-dir");
    }

    private List<Path> sockets() throws Exception {
        Path folder = programs.path("state/tunnel/client");
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    private void awaitSockets(int count) {
        await().atMost(RunningProgram.PATIENCE).untilAsserted(() -> assertThat(sockets()).hasSize(count));
    }

    @Test
    void allClientsOfThisUserTellHowTheyAreAndOneThatWasKilledLeavesNothing() throws Exception {
        Programs.Server server = programs.server();
        RunningProgram online = programs.client("--local", "4000", "--name", "blue-otter");
        awaitSockets(1);
        RunningProgram lost = programs.start("tunnel-client", "--local", "4001", "--server",
                "127.0.0.1:" + programs.closing(new ClosedPort()).number());
        awaitSockets(2);

        List<String> text = done("tunnel-client", "status");
        assertThat(text).anyMatch(line -> line.matches("    http://localhost:\\d+/\\?token=\\S+"));
        assertThat(text).allMatch(line -> line.length() <= 80);
        assertThat(text).anyMatch(line -> line.matches("tunnel-client .+, process " + online.pid() + ", online for \\d+ s"));
        assertThat(text).contains("             http://blue-otter.localhost:" + server.httpPort());
        assertThat(text).anyMatch(line -> line.matches("tunnel-client .+, process " + lost.pid() + ", connecting for \\d+ s"));
        assertThat(String.join(" ", text)).contains("connection refused");

        lost.kill();
        for (Path socket : sockets()) { // a socket that is young may belong to a client that starts at this moment
            Files.setLastModifiedTime(socket, FileTime.from(Instant.now().minusSeconds(60)));
        }
        List<String> json = done("tunnel-client", "status", "--json");
        assertThat(json).contains("      \"pid\": " + online.pid() + ",", "          \"name\": \"blue-otter\",");
        assertThat(json).doesNotContain("      \"pid\": " + lost.pid() + ",");
        assertThat(sockets()).hasSize(1).allMatch(socket -> permissions(socket).equals("rw-------"));
        assertThat(permissions(programs.path("state/tunnel/client"))).isEqualTo("rwx------");

        online.signal("TERM");
        assertThat(online.exitCode()).isZero();
        assertThat(sockets()).isEmpty();
        RunningProgram none = programs.start("tunnel-client", "status");
        assertThat(none.exitCode()).isEqualTo(1);
        assertThat(none.err())
                .containsExactly(
                        "tunnel-client: no tunnel-client of this user runs. Start one, as in: tunnel-client --local 4000");
    }

    private static String permissions(Path file) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aClientWhoseSocketCannotBeRunsWithoutIt() throws Exception {
        programs.server();
        String deep = Files.createDirectories(programs.path("x".repeat(100))).toString();
        ProcessBuilder builder = programs.builder(
                "tunnel-client", "--local", "4000", "--join-file", programs.serverState().resolve("join").toString());
        builder.environment().put("XDG_STATE_HOME", deep);
        RunningProgram client = programs.closing(new RunningProgram(builder));
        client.awaitErr("'tunnel-client status' does not see this client: cannot listen in .*: .*too long");
        client.awaitOut("^http://localhost:\\d+ -> ");
        assertThat(client.isAlive()).isTrue();
    }
}
