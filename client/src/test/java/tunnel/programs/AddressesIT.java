package tunnel.programs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tunnel.net.HostPort;
import tunnel.protocol.Bytes;
import tunnel.protocol.JoinString;
import tunnel.protocol.Pin;
import tunnel.protocol.Token;

/// Servers for others than the machine they run on: their domain, and doing without TLS.
class AddressesIT {
    private Programs programs;
    private LocalApp app;

    @BeforeEach
    void open() throws Exception {
        programs = new Programs();
        app = programs.closing(new LocalApp());
    }

    @AfterEach
    void close() throws Exception {
        programs.close();
    }

    @Test
    void aServerWithADomainPrintsItsJoinStringOnceAndAddressesUnderTheDomain() throws Exception {
        Programs.Server server = programs.server("--domain", "tunnel.example.com", "--bind", "127.0.0.1");
        String join = server.program().awaitOut("^tunnel://.*$").group();
        assertThat(join).matches("tunnel://[\\w-]{43}@tunnel\\.example\\.com:" + server.controlPort()
                + "\\?pin=sha256:[\\w-]{43}");
        assertThat(programs.serverState().resolve("join")).hasContent(join);

        RunningProgram client = programs.start(
                "tunnel-client",
                "--local", "" + app.port(), "--name", "blue-otter", "--server", "127.0.0.1:" + server.controlPort());
        client.awaitOut("^http://blue-otter\\.tunnel\\.example\\.com:" + server.httpPort() + " -> http://localhost:"
                + app.port() + "$");
        client.awaitOut("^http://tunnel\\.example\\.com:\\d+ -> http://localhost:" + app.port() + "$");
        assertThat(client.out()).hasSize(2);
        assertThat(Visit.get(server.httpPort(), "Blue-Otter.Tunnel.Example.com", "/"))
                .isEqualTo("HTTP/1.1 200 OK, the app saw /");

        server.program().signal("TERM");
        assertThat(server.program().exitCode()).isZero();
        assertThat(server.program().out()).containsExactly(join);

        Programs.Server again = programs.server(
                "--domain", "tunnel.example.com", "--bind", "127.0.0.1", "--control-port", "" + server.controlPort());
        again.program().awaitErr("clients join with the string in " + programs.serverState().resolve("join") + "$");
        assertThat(again.program().out()).as("a secret that is known already").isEmpty();
    }

    @Test
    void withoutTlsAServerListensBeyondLoopbackOnlyWhenThatIsCalledInsecure() throws Exception {
        RunningProgram refused = programs.start("tunnel-server", "--plain", "--bind", "0.0.0.0", "--control-port", "0");
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err())
                .containsExactly(
                        "tunnel-server: --plain without TLS would listen beyond loopback, where anybody on the way can read"
                                + " and change everything. Leave it out, or write --plain=insecure if the link is private",
                        "Try 'tunnel-server --help'.");

        Programs.Server server = programs.server("--plain=insecure", "--bind", "0.0.0.0");
        server.program().awaitErr("listening on 0\\.0\\.0\\.0: control port \\d+ \\(without TLS\\)");
        RunningProgram client = programs.client("--local", "" + app.port(), "--plain", "--name", "bare");
        client.awaitErr("connected to localhost:\\d+ without TLS$");
        assertThat(Visit.get(server.httpPort(), "bare.localhost", "/")).startsWith("HTTP/1.1 200 OK");
    }

    @Test
    void withoutTlsAClientLeavesTheMachineOnlyWhenThatIsCalledInsecure() throws Exception {
        String join = new JoinString(Token.random(), new HostPort("192.0.2.1", 7000), new Pin(Bytes.random(32))).text();
        RunningProgram refused = programs.start(
                "tunnel-client",
                "--local", "4000", "--plain", "--join-file", programs.file("join", join).toString());
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err())
                .containsExactly(
                        "tunnel-client: --plain without TLS would leave this machine for 192.0.2.1:7000, where anybody on the"
                                + " way can read and change everything. Leave it out, or write --plain=insecure if the link is"
                                + " private",
                        "Try 'tunnel-client --help'.");
    }
}
