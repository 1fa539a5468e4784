package tunnel.programs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tunnel.protocol.JoinString;
import tunnel.protocol.Token;

/// `--exit-on-disconnect`: what scripts see when the server is not there, or not any more.
class ExitOnDisconnectIT {
    private static final Duration SOON = Duration.ofSeconds(15); // a JVM's start on a busy machine included

    private Programs programs;
    private Programs.Server server;

    @BeforeEach
    void startServer() throws Exception {
        programs = new Programs();
        server = programs.server();
    }

    @AfterEach
    void stopServer() throws Exception {
        programs.close();
    }

    @Test
    void aServerThatIsNotThere() throws Exception {
        server.program().kill();
        RunningProgram client = programs.start("tunnel-client", "--local", "4000", "--exit-on-disconnect");

        assertFailed(
                client,
                "cannot reach localhost:" + server.controlPort() + ": connection refused. Is tunnel-server running there?");
    }

    @Test
    void aServerThatDies() throws Exception {
        RunningProgram client = programs.client("--local", "4000", "--exit-on-disconnect");
        server.program().kill();

        assertFailed(
                client,
                "the connection to the server was lost: the server closed the connection."
                        + " Leave --exit-on-disconnect out to have it dial again");
    }

    @Test
    void aServerThatRefusesTheTokenIsARefusalAsEver() throws Exception {
        JoinString join = JoinString.parse(Programs.joinString(programs.serverState()));
        String file = programs.file("join", new JoinString(Token.random(), join.server(), join.pin()).text())
                .toString();
        RunningProgram client =
                programs.start("tunnel-client", "--local", "4000", "--join-file", file, "--exit-on-disconnect");

        assertThat(client.exitCode(SOON)).as(client.toString()).isEqualTo(3);
    }

    private static void assertFailed(RunningProgram client, String why) throws Exception {
        assertThat(client.exitCode(SOON)).as(client.toString()).isEqualTo(1);
        assertThat(client.err().getLast()).isEqualTo("tunnel-client: " + why);
        assertThat(client.err()).noneMatch(line -> line.contains("Retrying") || line.contains("Reconnecting"));
    }
}
