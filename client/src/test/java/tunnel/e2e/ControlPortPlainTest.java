package tunnel.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tunnel.fixture.LeakCheck;
import tunnel.fixture.LogLines;
import tunnel.protocol.Bytes;
import tunnel.protocol.Frame;
import tunnel.protocol.Options;
import tunnel.protocol.RefuseReason;
import tunnel.protocol.RejectCode;
import tunnel.protocol.Token;
import tunnel.protocol.TunnelProtocol;
import tunnel.server.TunnelServer;
import tunnel.server.registry.Limits;

/// The control port without TLS, and what clients make of servers that are not what they should be.
@ExtendWith(LeakCheck.class)
class ControlPortPlainTest {
    @Test
    void requestsWorkWithoutTls() throws Exception {
        try (Scene scene = Scene.start(Limits.DEFAULT, true)) {
            assertThat(scene.visit("/plain")).isEqualTo(new Visit(200, "hello /plain"));
        }
    }

    @Test
    void aServerThatDoesNotKnowTheTokenIsFoundOut() throws Exception {
        try (World world = new World();
                RawServer server = new RawServer()) {
            World.Client client = world.client(server.join(), true, 1, TunnelProtocol.HTTP, "");
            var _ = server.accept().welcome(Token.random());
            Refusals.assertRefused(
                    client,
                    "whoever answers at " + server.join().server()
                            + " does not know the token: it is not the server that made the join string. See whether its"
                            + " address is right, or run 'tunnel-client login' with its own join string");
        }
    }

    @Test
    void aSecretThatIsSentWithoutTlsIsABreach() throws Exception {
        try (LogLines log = new LogLines(Level.WARN);
                World world = new World();
                RawServer server = new RawServer()) {
            var _ = world.client(server.join(), true, 1, TunnelProtocol.HTTP, "");
            RawServer.Connection connection = server.accept();
            connection.read(Frame.Init.class);
            connection.send(new Frame.Welcome(
                    1, Bytes.random(16), Bytes.random(32), Bytes.random(32), 5000, Options.NONE));

            await().untilAsserted(
                    () -> assertThat(log.with("the secret in Welcome has 32 bytes, not 0")).hasSize(1));
        }
    }

    @Test
    void aServerOfAnotherVersionIsReported() throws Exception {
        try (World world = new World();
                RawServer server = new RawServer()) {
            World.Client client = world.client(server.join(), true, 1, TunnelProtocol.HTTP, "");
            RawServer.Connection connection = server.accept();
            connection.read(Frame.Init.class);
            connection.send(new Frame.Reject(
                    0,
                    RejectCode.VERSION,
                    "no protocol version in common: the server speaks versions 7 to 9, the client version 1"));
            Refusals.assertRefused(
                    client,
                    "no protocol version in common: the server speaks versions 7 to 9, the client version 1."
                            + " Update whichever of the two is older");
        }
    }

    @Test
    void aClientWithoutTlsSoonFindsThatItsServerHasTls() throws Exception {
        try (World world = new World()) {
            TunnelServer server = world.server();
            Stopwatch sinceStart = new Stopwatch();
            World.Client client = world.client(server.joinString(), true, 1, TunnelProtocol.HTTP, "");
            Refusals.assertRefused(
                    client,
                    "the server at " + server.joinString().server() + " does not greet as one without TLS does."
                            + " Leave --plain out here, or start the server with --plain too");
            assertThat(sinceStart.elapsed()).isLessThan(Duration.ofSeconds(5));
        }
    }

    @Test
    void aClientWithTlsFindsThatItsServerHasNone() throws Exception {
        try (World world = new World()) {
            TunnelServer server = world.server(Limits.DEFAULT, true, 0);
            World.Client client = world.client(server.joinString(), 1, TunnelProtocol.HTTP, "");
            assertThat(Refusals.sentence(client))
                    .startsWith("no TLS with the server at " + server.joinString().server() + " (")
                    .endsWith("). If it runs with --plain, this client needs --plain too; or is it another program's port?");
        }
    }

    @Test
    void aStreamNumberThatComesAgainIsRefusedAndNotActedOn() throws Exception {
        try (World world = new World();
                CountingOrigin origin = new CountingOrigin();
                RawServer server = new RawServer()) {
            world.client(server.join(), true, origin.port(), TunnelProtocol.HTTP, "");
            RawServer.Connection control = server.accept();
            var _ = control.welcome(server.token());
            control.send(new Frame.OpenData(2));
            RawServer.Connection one = server.accept();
            one.isData();
            RawServer.Connection two = server.accept();
            two.isData();

            request(one);
            assertThat(one.read(Frame.Accepted.class)).isEqualTo(new Frame.Accepted(1));
            one.read(Frame.End.class);
            request(two); // elsewhere
            assertRepeated(two);
            two.send(new Frame.End(1));
            one.send(new Frame.End(1));
            request(one); // where it was served, after its end
            assertRepeated(one);
            assertThat(origin.executions("/raw")).isOne();
        }
    }

    private static void request(RawServer.Connection data) throws Exception {
        data.send(new Frame.Open(1, 1, new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 1), Options.NONE));
        data.send(new Frame.Data(ByteBuffer.wrap(
                "GET /raw HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".getBytes(UTF_8))));
    }

    private static void assertRepeated(RawServer.Connection data) throws Exception {
        Frame.Refused refused = data.read(Frame.Refused.class);
        assertThat(refused.stream()).isOne();
        assertThat(refused.reason()).isEqualTo(RefuseReason.REPEATED);
    }
}
