package tunnel.programs;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tunnel.net.HostPort;
import tunnel.net.PlainTransport;
import tunnel.net.Resources;
import tunnel.protocol.Bytes;
import tunnel.protocol.Frame;
import tunnel.protocol.FrameChannel;
import tunnel.protocol.JoinString;
import tunnel.protocol.Pin;
import tunnel.protocol.RejectCode;
import tunnel.protocol.Token;

/// What no retry could change: the client says why, and ends with exit code 3.
class RefusalIT {
    private static final Duration SOON = Duration.ofSeconds(8); // a JVM's start on a busy machine included

    private static Programs programs;
    private static Programs.Server server;
    private static JoinString join;
    private static Programs.Server full;
    private static JoinString joinFull;
    private static String onlyPort;

    @BeforeAll
    static void startServers() throws Exception {
        programs = new Programs();
        server = programs.server();
        join = JoinString.parse(Programs.joinString(programs.serverState()));

        Path state = programs.path("full");
        onlyPort = programs.ports().split("-", 2)[1];
        full = programs.server("--plain", "--ports", onlyPort, "--state-dir", state.toString());
        joinFull = JoinString.parse(Programs.joinString(state));
        programs.client(
                "--local", "4000", "--plain", "--name", "taken-name", "--join-file", state.resolve("join").toString());
    }

    @AfterAll
    static void stopServer() throws Exception {
        programs.close();
    }

    @Test
    void aTokenThatTheServerDoesNotKnow() throws Exception {
        assertRefused(
                client(new JoinString(Token.random(), join.server(), join.pin())),
                "the server at localhost:" + server.controlPort() + " does not accept this token. Run 'tunnel-client login'"
                        + " with the join string that tunnel-server printed");
    }

    @Test
    void aServerWithAnotherKey() throws Exception {
        Pin other = new Pin(Bytes.random(32));
        assertRefused(
                client(new JoinString(join.token(), join.server(), other)),
                "the server at localhost:" + server.controlPort() + " is not the one in the join string: its key is "
                        + join.pin() + ", not " + other + ". If it was set up anew, run 'tunnel-client login' with its new"
                        + " join string; otherwise somebody else answers there");
    }

    @Test
    void aServerOfAnotherVersion() throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open();
                Resources resources = new Resources()) {
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            int port = listener.socket().getLocalPort();
            RunningProgram client =
                    client(join.at(new HostPort("127.0.0.1", port)), "--plain");
            try (FrameChannel frames =
                    new FrameChannel(new PlainTransport(listener.accept()), resources.buffers())) {
                frames.write(new Frame.Challenge(Bytes.random(32)));
                assertThat(frames.read()).isInstanceOf(Frame.Init.class);
                frames.abortAfter(
                        new Frame.Reject(0, RejectCode.VERSION, "this server speaks only version 7"),
                        resources.deadlines());
            }
            assertRefused(client, "this server speaks only version 7. Update whichever of the two is older");
        }
    }

    @Test
    void aServerThatDoesNotSpeakTls() throws Exception {
        assertRefused(
                client(joinFull),
                "no TLS with the server at localhost:" + full.controlPort() + " (Unrecognized SSL message, plaintext"
                        + " connection?). If it runs with --plain, this client needs --plain too; or is it another program's"
                        + " port?");
    }

    @Test
    void aNameThatAnotherClientHas() throws Exception {
        assertRefused(
                client(joinFull, "--plain", "--name", "Taken-Name"),
                "the name taken-name is taken. Choose another with --name, or leave --name out for a random one");
    }

    @Test
    void aPublicPortThatAnotherTunnelHas() throws Exception {
        assertRefused(
                client(joinFull, "--plain", "--public-port", onlyPort),
                "public port " + onlyPort + " is taken by another tunnel. Choose another with --public-port, or leave"
                        + " --public-port out for any free one");
    }

    @Test
    void aPublicPortThatAnotherProgramHas() throws Exception {
        assertRefused( // the port of the other server's only tunnel
                client(join, "--public-port", onlyPort),
                "public port " + onlyPort + " is in use by another program. Choose another with --public-port, or leave"
                        + " --public-port out for any free one");
    }

    @Test
    void aPublicPortOutsideTheServersRange() throws Exception {
        assertRefused(
                client(join, "--public-port", "79"),
                "public port 79 is not one of this server's " + programs.ports() + ". Choose another with --public-port, or"
                        + " leave --public-port out for any free one");
    }

    @Test
    void aServerWithoutAPortLeft() throws Exception {
        assertRefused(
                client(joinFull, "--plain"),
                "all of the server's public ports, " + onlyPort + "-" + onlyPort + ", are in use. Whoever runs the server can"
                        + " give more with --ports");
    }

    private static RunningProgram client(JoinString join, String... more) throws Exception {
        String file = programs.file("join-" + System.nanoTime(), join.text()).toString();
        String[] options = {"--local", "4000", "--join-file", file};
        String[] all = Stream.of(options, more)
                .flatMap(Stream::of)
                .toArray(String[]::new);
        return programs.start("tunnel-client", all);
    }

    private static void assertRefused(RunningProgram client, String why) throws Exception {
        assertThat(client.exitCode(SOON)).as(client.toString()).isEqualTo(3);
        assertThat(client.out()).isEmpty();
        assertThat(client.err().getLast()).isEqualTo("tunnel-client: " + why);
        assertThat(client.err().size()).as("the reason, behind 'connected' at most").isLessThanOrEqualTo(2);
    }
}
