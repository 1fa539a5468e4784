package tunnel.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tunnel.client.ClientSettings;
import tunnel.client.ClientSettings.Wish;
import tunnel.cli.RefusedException;
import tunnel.fixture.LeakCheck;
import tunnel.fixture.LogLines;
import tunnel.net.HostPort;
import tunnel.protocol.Frame;
import tunnel.protocol.RejectCode;
import tunnel.protocol.Token;
import tunnel.protocol.TunnelProtocol;
import tunnel.server.TunnelServer;
import tunnel.server.registry.Limits;

/// Who may have a name whose holder has fallen silent, and who may not.
@ExtendWith(LeakCheck.class)
class SessionTakeoverTest {
    private static final String NAME_TAKEN = "the name blue-otter is taken."
            + " Choose another with --name, or leave --name out for a random one";
    private static final Duration AT_ONCE = Duration.ofSeconds(10); // that a session is silent is noticed after 15 s

    @Test
    void theNextClientOfTheTokenGetsTheNameOfASilentOneAtOnce() throws Exception {
        try (Scene scene = Scene.start(Limits.DEFAULT)) {
            scene.link().freeze();
            Stopwatch sinceFreeze = new Stopwatch();

            World.Client next = scene.world()
                    .client(scene.server().joinString(), scene.origin().port(), TunnelProtocol.HTTP, Scene.NAME)
                    .ready();
            assertThat(next.name()).isEqualTo(Scene.NAME);
            assertThat(sinceFreeze.elapsed()).isBetween(Limits.DEFAULT.sessions().takeover(), AT_ONCE);
            assertThat(scene.visit("/next").status()).isEqualTo(200);
        }
    }

    @Test
    void streamsOfASessionThatWasTakenOverEnd() throws Exception {
        try (World world = new World();
                ServerSocket service = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"))) {
            TunnelServer server = world.server(Quick.oneIdle(), false, 0);
            Link link = world.closing(new Link(server));
            World.Client old = world.client(link.join(server), service.getLocalPort(), TunnelProtocol.TCP, "").ready();
            try (Socket visitor = new Socket(InetAddress.ofLiteral("127.0.0.1"), old.port());
                    Socket served = service.accept()) {
                served.getOutputStream().write('a');
                assertThat(visitor.getInputStream().read()).isEqualTo('a');

                link.freeze();
                World.Client next = world.client(new ClientSettings(
                                server.joinString(),
                                false,
                                new Wish(
                                        new HostPort("localhost", service.getLocalPort()),
                                        TunnelProtocol.TCP,
                                        "",
                                        old.port())))
                        .ready();

                visitor.setSoTimeout(5000);
                assertThat(readOrReset(visitor)).isNegative();
                assertThat(next.port()).isEqualTo(old.port());
            }
        }
    }

    private static int readOrReset(Socket socket) throws Exception {
        try {
            return socket.getInputStream().read();
        } catch (SocketException reset) {
            return -1;
        }
    }

    @Test
    void aSecondClientOfTheNameIsRefusedAndTheFirstIsUndisturbed() throws Exception {
        try (Scene scene = Scene.start(Limits.DEFAULT);
                Visitors visitors = new Visitors(() -> scene.visit("/first"))) {
            List<Link.Wire> before = scene.link().wires();

            World.Client second =
                    scene.world().client(scene.server().joinString(), 1, TunnelProtocol.HTTP, Scene.NAME);
            assertThat(second.end())
                    .failsWithin(Duration.ofSeconds(5))
                    .withThrowableThat()
                    .withCauseInstanceOf(RefusedException.class)
                    .havingCause()
                    .withMessage(NAME_TAKEN);

            visitors.awaitMore(20);
            assertThat(visitors.failures()).isEmpty();
            assertThat(scene.link().wires()).as("connections of the first").containsAll(before);
            assertThat(scene.client().end()).isNotDone();
        }
    }

    @Test
    void manyWishesForATakenNameDoNotDisturbItsHolder() throws Exception {
        try (Scene scene = Scene.start(Limits.DEFAULT);
                RawClient greedy = RawClient.connect(scene.server().controlPort(), false)) {
            List<Link.Wire> before = scene.link().wires();
            greedy.login(scene.token());
            for (int tunnel = 1; tunnel <= 200; tunnel++) {
                greedy.askFor(tunnel, Scene.NAME);
                assertThat(greedy.tunnelAnswer())
                        .isEqualTo(new Frame.Reject(tunnel, RejectCode.NAME_TAKEN, "the name blue-otter is taken"));
            }
            assertThat(scene.visit("/holder").status()).isEqualTo(200);
            assertThat(scene.link().wires()).containsAll(before);
        }
    }

    @Test
    void aClientThatLostItsConnectionSupersedesItsOwnSilentSessionAtOnce() throws Exception {
        try (LogLines log = new LogLines(Level.INFO);
                Scene scene = Scene.start(Limits.DEFAULT)) {
            List<String> lines = scene.client().lines();
            scene.link().wires().forEach(Link.Wire::loseClient);
            Stopwatch sinceLoss = new Stopwatch();

            await().atMost(World.PATIENCE)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> log.with("connected again").size() == 1
                            && log.with("tunnel blue-otter is ready").size() == 2
                            && log.with("the same client came back on a new connection").size() == 1);
            assertThat(sinceLoss.elapsed()).isLessThan(AT_ONCE);
            assertThat(scene.visit("/back").status()).isEqualTo(200);
            assertThat(Visit.byPort(scene.client().port(), "/back").status()).isEqualTo(200);
            assertThat(scene.client().lines()).isEqualTo(lines);
        }
    }

    @Test
    void aClientThatWasTakenForDeadDoesNotEvictItsSuccessor() throws Exception {
        try (LogLines log = new LogLines(Level.INFO);
                Scene scene = Scene.start(Limits.DEFAULT)) {
            List<Link.Wire> frozen = scene.link().wires();
            scene.link().freezePresent();
            World.Client next = scene.world()
                    .client(scene.server().joinString(), scene.origin().port(), TunnelProtocol.HTTP, Scene.NAME)
                    .ready();

            frozen.forEach(Link.Wire::thaw);
            assertThat(scene.client().end())
                    .failsWithin(Duration.ofSeconds(5))
                    .withThrowableThat()
                    .havingCause()
                    .withMessage(NAME_TAKEN);
            assertThat(next.end()).isNotDone();
            assertThat(scene.visit("/next").status()).isEqualTo(200);
            assertThat(log.with("no longer answers")).hasSize(1);
        }
    }

    @Test
    void aSessionThatEndsWhileItWaitsForANameDoesNotKeepTheName() throws Exception {
        try (LogLines log = new LogLines(Level.INFO);
                World world = new World()) {
            TunnelServer server = world.server(Quick.oneIdle(), true, 0);
            Token token = server.joinString().token();
            try (RawClient silent = RawClient.connect(server.controlPort(), true);
                    RawClient waiting = RawClient.connect(server.controlPort(), true);
                    RawClient successor = RawClient.connect(server.controlPort(), true)) {
                silent.login(token);
                silent.askFor(1, Scene.NAME);
                silent.read(Frame.Assigned.class);
                RawClient.Stay stay = waiting.login(token);
                waiting.askFor(1, Scene.NAME); // which it gets when the silent one has missed a ping
                silent.read(Frame.Ping.class);
                successor.loginAgain(token, stay);
                await().atMost(World.PATIENCE)
                        .until(() -> !log.with("lost: the same client came back on a new connection").isEmpty());

                successor.askFor(1, Scene.NAME);
                assertThat(successor.tunnelAnswer()).isInstanceOf(Frame.Assigned.class);
            }
        }
    }
}
