package tunnel.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tunnel.client.ClientSettings;
import tunnel.client.ClientSettings.Wish;
import tunnel.fixture.LeakCheck;
import tunnel.fixture.LogLines;
import tunnel.net.HostPort;
import tunnel.protocol.Bytes;
import tunnel.protocol.Frame;
import tunnel.protocol.JoinString;
import tunnel.protocol.Options;
import tunnel.protocol.Pin;
import tunnel.protocol.Proofs;
import tunnel.protocol.RejectCode;
import tunnel.protocol.Token;
import tunnel.protocol.TunnelProtocol;
import tunnel.protocol.VersionRange;
import tunnel.server.TunnelServer;
import tunnel.server.registry.Limits;

/// Every no that a client can get, to the letter, and what of it a stranger learns.
@ExtendWith(LeakCheck.class)
class ControlPortRefusalTest {
    private static final Frame.Reject NOT_ACCEPTED =
            new Frame.Reject(0, RejectCode.UNAUTHORIZED, "the token was not accepted");

    @Test
    void aWrongToken() throws Exception {
        try (World world = new World();
                LogLines log = new LogLines(Level.WARN)) {
            TunnelServer server = world.server();
            JoinString good = server.joinString();
            Token wrong = Token.random();
            World.Client client =
                    world.client(new JoinString(wrong, good.server(), good.pin()), 1, TunnelProtocol.HTTP, "");

            Refusals.assertRefused(
                    client,
                    "the server at " + good.server() + " does not accept this token."
                            + " Run 'tunnel-client login' with the join string that tunnel-server printed");
            await().atMost(World.PATIENCE)
                    .until(() -> log.with(
                                            "login refused: token " + wrong.id().hex()
                                                    + " is unknown or its proof is wrong")
                                    .size()
                            == 1);
            assertThat(log.all()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aStrangerDoesNotLearnWhichTokensThereAre(boolean plain) throws Exception {
        try (World world = new World();
                LogLines log = new LogLines(Level.WARN)) {
            TunnelServer server = world.server(Limits.DEFAULT, plain, 0);
            Token known = server.joinString().token();
            for (Token claimed : List.of(known, Token.random())) {
                try (RawClient stranger = RawClient.connect(server.controlPort(), plain)) {
                    stranger.send(new Frame.Init(
                            VersionRange.OURS, claimed.id(), Bytes.random(32), Options.NONE, Bytes.random(32)));
                    assertThat(stranger.lastWord()).isEqualTo(NOT_ACCEPTED);
                }
                await().atMost(World.PATIENCE)
                        .until(() -> log.with("login refused: token " + claimed.id().hex()).size() == 1);
            }
        }
    }

    @Test
    void aWrongPin() throws Exception {
        try (World world = new World()) {
            TunnelServer server = world.server();
            JoinString good = server.joinString();
            Pin wrong = new Pin(Bytes.random(32));
            World.Client client =
                    world.client(new JoinString(good.token(), good.server(), wrong), 1, TunnelProtocol.HTTP, "");
            Refusals.assertRefused(
                    client,
                    "the server at " + good.server() + " is not the one in the join string: its key is " + good.pin()
                            + ", not " + wrong + ". If it was set up anew, run 'tunnel-client login' with its new join"
                            + " string; otherwise somebody else answers there");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void noVersionInCommon(boolean plain) throws Exception {
        try (World world = new World();
                LogLines log = new LogLines(Level.WARN)) {
            TunnelServer server = world.server(Limits.DEFAULT, plain, 0);
            String sentence = "no protocol version in common: the server speaks version 1, the client versions 7 to 9";
            try (RawClient newer = RawClient.connect(server.controlPort(), plain)) {
                Frame.Init init =
                        Proofs.init(server.joinString().token(), newer.binding(), Bytes.random(32), Options.NONE);
                newer.send(new Frame.Init(
                        new VersionRange(7, 9), init.token(), init.nonce(), init.options(), init.proof()));
                assertThat(newer.lastWord()).isEqualTo(new Frame.Reject(0, RejectCode.VERSION, sentence));
            }
            await().atMost(World.PATIENCE).until(() -> log.with(sentence).size() == 1);
            assertThat(log.all()).hasSize(1);
        }
    }

    @Test
    void anOptionThatHadToBeUnderstood() throws Exception {
        try (World world = new World();
                LogLines log = new LogLines(Level.WARN)) {
            TunnelServer server = world.server();
            Options unknown = new Options(List.of(new Options.Option(99, true, Bytes.NONE)));
            try (RawClient newer = RawClient.connect(server.controlPort(), false)) {
                newer.send(Proofs.init(server.joinString().token(), newer.binding(), Bytes.random(32), unknown));
                assertThat(newer.lastWord())
                        .isEqualTo(new Frame.Reject(
                                0, RejectCode.UNSUPPORTED, "this server does not know option 99 of Init"));
            }
            await().atMost(World.PATIENCE).until(() -> log.all().size() == 1);
        }
    }

    @Test
    void aNameThatAnotherTokenHas() throws Exception {
        try (Scene scene = Scene.start(Limits.DEFAULT)) {
            assertRefused(
                    scene,
                    "BLUE-otter",
                    0,
                    "the name blue-otter is taken. Choose another with --name, or leave --name out for a random one");
        }
    }

    @Test
    void aNameThatIsNone() throws Exception {
        try (Scene scene = Scene.start(Limits.DEFAULT)) {
            for (String name : List.of("-x", "a.b", "ü", "a".repeat(64))) {
                assertRefused(
                        scene,
                        name,
                        0,
                        "'" + name + "' is not a name: write 1 to 63 letters a to z, digits and hyphens,"
                                + " with no hyphen first or last.");
            }
        }
    }

    @Test
    void aPublicPortThatCannotBeHad() throws Exception {
        String advice = " Choose another with --public-port, or leave --public-port out for any free one";
        try (Scene scene = Scene.start(Limits.DEFAULT)) {
            int taken = scene.client().port();
            assertRefused(scene, "", taken, "public port " + taken + " is taken by another tunnel." + advice);
            int outside = scene.world().ports().last() + 1;
            assertRefused(
                    scene,
                    "",
                    outside,
                    "public port " + outside + " is not one of this server's " + scene.world().ports() + "." + advice);
            try (ServerSocket program = otherProgram(scene)) {
                int port = program.getLocalPort();
                assertRefused(scene, "", port, "public port " + port + " is in use by another program." + advice);
            }
        }
    }

    private static ServerSocket otherProgram(Scene scene) {
        return IntStream.rangeClosed(scene.client().port() + 1, scene.world().ports().last())
                .mapToObj(ControlPortRefusalTest::listen)
                .flatMap(Optional::stream)
                .findFirst()
                .orElseThrow();
    }

    private static Optional<ServerSocket> listen(int port) {
        try {
            return Optional.of(new ServerSocket(port, 1, InetAddress.ofLiteral("127.0.0.1")));
        } catch (IOException inUse) {
            return Optional.empty();
        }
    }

    /// By a client of the other token, while the first one goes on.
    private static void assertRefused(Scene scene, String name, int port, String sentence) {
        World.Client client = scene.world()
                .client(new ClientSettings(
                        scene.otherJoin(),
                        false,
                        new Wish(new HostPort("localhost", 1), TunnelProtocol.HTTP, name, port)));
        Refusals.assertRefused(client, sentence);
        assertThat(scene.visit("/").status()).isEqualTo(200);
        assertThat(client.lines()).isEmpty();
    }
}
