package tunnel.programs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// What the README promises for the first minute.
class TrialIT {
    private static final String ACCESS_LINE = "127\\.0\\.0\\.1 - - \\[.*";
    private static final String LOG_LINE = "\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{3} (INFO |WARN |ERROR) .*";

    @Test
    void aClientFindsTheServerOfTheSameUserAndItsAddressesLeadToTheApp() throws Exception {
        try (Programs programs = new Programs();
                LocalApp app = new LocalApp()) {
            Programs.Server server = programs.server();
            RunningProgram client = programs.client("--local", "" + app.port());

            assertThat(client.out()).hasSize(2);
            String name = client.awaitOut("^http://([a-z]+-[a-z]+)\\.localhost:" + server.httpPort() + " -> http://localhost:"
                            + app.port() + "$")
                    .group(1);
            int port = Integer.parseInt(
                    client.awaitOut("^http://localhost:(\\d+) -> http://localhost:" + app.port() + "$").group(1));
            String[] range = programs.ports().split("-", 2);
            assertThat(port).isBetween(Integer.valueOf(range[0]), Integer.valueOf(range[1]));

            assertThat(Visit.get(server.httpPort(), name + ".localhost:" + server.httpPort(), "/by-name"))
                    .isEqualTo("HTTP/1.1 200 OK, the app saw /by-name");
            assertThat(Visit.get(port, "localhost:" + port, "/by-port"))
                    .isEqualTo("HTTP/1.1 200 OK, the app saw /by-port");
            assertThat(Visit.get(server.httpPort(), "other.localhost", "/"))
                    .startsWith("HTTP/1.1 404 Not Found, Request "); // the page's last line

            server.program().signal("TERM");
            assertThat(server.program().exitCode()).isZero();
            assertThat(server.program().out()).as("the server's standard output").isEmpty();
            assertThat(server.program().err()).allMatch(line -> line.matches(LOG_LINE) || line.matches(ACCESS_LINE));
            assertThat(server.program().err()).filteredOn(line -> line.matches(ACCESS_LINE)).hasSize(3);
            client.awaitErr("Reconnecting$");
            client.signal("TERM");
            assertThat(client.exitCode()).isZero();
            assertThat(client.out()).hasSize(2);
            assertThat(client.err()).allMatch(line -> line.matches(LOG_LINE));
        }
    }

    @Test
    void withoutXdgFoldersBothUseThoseUnderTheHomeFolder() throws Exception {
        try (Programs programs = new Programs()) {
            ProcessBuilder builder = programs.builder(
                    "tunnel-server", "--control-port", "0", "--http-port", "0", "--ports", programs.ports());
            builder.environment().keySet().removeIf(variable -> variable.startsWith("XDG_"));
            RunningProgram server = programs.closing(new RunningProgram(builder));
            server.awaitErr("clients of this user on this machine find the server by "
                    + programs.home().resolve(".local/state/tunnel-server/join") + "$");
        }
    }
}
