package tunnel.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tunnel.fixture.LeakCheck;
import tunnel.fixture.LogLines;
import tunnel.net.HostPort;
import tunnel.protocol.Frame;
import tunnel.protocol.JoinString;
import tunnel.protocol.RejectCode;
import tunnel.protocol.TunnelProtocol;
import tunnel.server.TunnelServer;
import tunnel.server.registry.Limits;

/// A client whose connection or server was lost comes back by itself.
@ExtendWith(LeakCheck.class)
class ReconnectTest {
    @Test
    void aClientThatWasCutOffComesBackUnderTheSameNameAndPort() throws Exception {
        try (LogLines log = new LogLines(Level.INFO);
                Scene scene = Scene.start(Limits.DEFAULT)) {
            List<String> lines = scene.client().lines();
            for (int times = 1; times <= 3; times++) {
                scene.link().cut();
                awaitReady(log, times + 1);
                assertThat(scene.visit("/again").status()).isEqualTo(200);
                assertThat(Visit.byPort(scene.client().port(), "/again").status()).isEqualTo(200);
            }
            assertThat(scene.client().lines()).isEqualTo(lines);
        }
    }

    @Test
    void aClientOfARandomNameKeepsItToo() throws Exception {
        try (LogLines log = new LogLines(Level.INFO);
                World world = new World();
                CountingOrigin origin = new CountingOrigin()) {
            TunnelServer server = world.server(Limits.DEFAULT, false, 0);
            Link link = world.closing(new Link(server));
            World.Client client = world.client(link.join(server), origin.port(), TunnelProtocol.HTTP, "").ready();
            List<String> lines = client.lines();

            link.cut();
            awaitReady(log, 2);
            assertThat(Visit.byName(server.httpPort(), client.name(), "/again").status()).isEqualTo(200);
            assertThat(client.lines()).isEqualTo(lines);
        }
    }

    @Test
    void aClientIsBackWithinFiveSecondsOfItsServersRestartAndPrintsNothingTwice() throws Exception {
        try (LogLines log = new LogLines(Level.INFO);
                World world = new World();
                CountingOrigin origin = new CountingOrigin()) {
            TunnelServer first = world.server(Limits.DEFAULT, false, 0);
            int controlPort = first.controlPort();
            int httpPort = first.httpPort();
            World.Client earlier = world.tcp(first, origin.port());
            World.Client client = world.http(first, origin.port(), Scene.NAME);
            earlier.close(); // or else the port that the server gives first is the one that it gave before
            List<String> lines = client.lines();
            assertThat(lines).hasSize(2);

            first.close();
            await().atMost(World.PATIENCE).until(() -> !log.with("Is tunnel-server running there?").isEmpty());
            world.server(Limits.DEFAULT, false, controlPort, httpPort);
            await().atMost(Duration.ofSeconds(5))
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> Visit.byName(httpPort, Scene.NAME, "/restarted").status() == 200);

            assertThat(Visit.byPort(client.port(), "/restarted").status()).isEqualTo(200);
            assertThat(client.lines()).isEqualTo(lines);
            assertThat(log.with("lost: the server stops. Reconnecting")).hasSize(1);
            assertThat(log.with("Is tunnel-server running there?")).as("said once").hasSize(1);
        }
    }

    @Test
    void aClientThatIsStartedBeforeItsServerWaitsForIt() throws Exception {
        try (LogLines log = new LogLines(Level.INFO);
                World world = new World();
                CountingOrigin origin = new CountingOrigin()) {
            TunnelServer before = world.server(Limits.DEFAULT, false, 0);
            int controlPort = before.controlPort();
            JoinString join = before.joinString();
            before.close();

            World.Client client = world.client(join, origin.port(), TunnelProtocol.HTTP, Scene.NAME);
            await().atMost(World.PATIENCE).until(() -> !log.with("connection refused").isEmpty());
            world.server(Limits.DEFAULT, false, controlPort);
            client.ready();
            assertThat(Visit.byPort(client.port(), "/").status()).isEqualTo(200);
        }
    }

    @Test
    void aServerThatHangsUpDuringTheHandshakeIsTriedAgain() throws Exception {
        try (LogLines log = new LogLines(Level.INFO);
                World world = new World();
                CountingOrigin origin = new CountingOrigin();
                ServerSocket restarting = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"))) {
            TunnelServer server = world.server(Limits.DEFAULT, false, 0);
            World.Client client = world.client(
                    server.joinString().at(new HostPort("127.0.0.1", restarting.getLocalPort())),
                    origin.port(),
                    TunnelProtocol.HTTP,
                    "");
            for (int times = 1; times <= 3; times++) {
                try (var connection = restarting.accept()) {
                    assertThat(connection.getInputStream().read()).isNotNegative();
                    assertThat(connection.getInputStream().skip(50)).isNotNegative();
                }
            }
            restarting.accept().close();
            assertThat(client.end()).isNotDone();
            assertThat(log.with("Retrying")).hasSize(1);
        }
    }

    @Test
    void aServerThatIsTooBusyForATunnelIsAskedAgainInTheSameSessionUntilItIsNot() throws Exception {
        try (LogLines log = new LogLines(Level.INFO);
                RawServer server = new RawServer();
                World world = new World()) {
            World.Client client =
                    world.client(server.join(), true, 1, TunnelProtocol.HTTP, Scene.NAME);
            RawServer.Connection control = server.accept();
            control.welcome(server.token());
            Frame.Bind first = control.read(Frame.Bind.class);
            for (int times = 1; times <= 3; times++) {
                control.send(new Frame.Reject(first.tunnel(), RejectCode.BUSY, "the disk is full"));
                assertThat(control.read(Frame.Bind.class)).isEqualTo(first);
            }
            control.give(first);

            await().atMost(World.PATIENCE).until(() -> !client.lines().isEmpty());
            assertThat(client.end()).isNotDone();
            assertThat(log.with("the server cannot give the tunnel at the moment: the disk is full. Asking again"))
                    .hasSize(1);
        }
    }

    @Test
    void bothSidesNoticeWithinThreeHeartbeatsThatTheOtherIsSilent() throws Exception {
        try (LogLines log = new LogLines(Level.INFO);
                Scene scene = Scene.start(Quick.limits())) {
            scene.link().freeze();
            Stopwatch sinceFreeze = new Stopwatch();
            // three intervals without a sign of life, found at the beat that follows; with the usual ones it would be 15 s
            Duration most = Quick.HEARTBEAT.multipliedBy(4).plusSeconds(5);
            await().atMost(most)
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> log.with("lost: it was silent for too long. Reconnecting").size() == 1
                            && log.with("was lost: it was silent for 1 s").size() == 1);
            assertThat(sinceFreeze.elapsed()).isGreaterThan(Quick.HEARTBEAT.multipliedBy(2).minusMillis(100));
            assertThat(scene.visit("/").status()).isEqualTo(503);
        }
    }

    @Test
    void anIdleDataChannelThatNoLongerAnswersIsClosedAndReplaced() throws Exception {
        try (LogLines log = new LogLines(Level.DEBUG);
                Scene scene = Scene.start(Quick.limits())) {
            await().atMost(World.PATIENCE).until(() -> scene.link().data().size() == 4);
            List<Link.Wire> before = scene.link().data();
            before.forEach(Link.Wire::awaitPassedUp);
            before.forEach(Link.Wire::freezeUp); // the pongs are lost, the server's close is not

            await().atMost(World.PATIENCE)
                    .until(() -> log.with("an idle data channel did not answer and is closed").size() == 4);
            await().atMost(World.PATIENCE).until(() -> scene.link().dialled() == 1 + 4 + 4);
            assertThat(scene.visit("/").status()).isEqualTo(200);
        }
    }

    @Test
    void aVisitorIsServedAtOnceAfterAllIdleDataChannelsWereFoundSilent() throws Exception {
        try (LogLines log = new LogLines(Level.DEBUG);
                Scene scene = Scene.start(Quick.limits())) {
            await().atMost(World.PATIENCE).until(() -> scene.link().data().size() == 4);
            scene.link().data().forEach(Link.Wire::awaitPassedUp);
            scene.link().data().forEach(Link.Wire::freeze); // the client cannot know
            await().atMost(World.PATIENCE)
                    .until(() -> log.with("an idle data channel did not answer and is closed").size() == 4);

            assertThat(scene.visit("/").status()).isEqualTo(200);
            assertThat(log.with("trying another")).isEmpty();
        }
    }

    private static void awaitReady(LogLines log, int times) {
        await().atMost(World.PATIENCE)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> log.with(" is ready at ").size() == times);
    }
}
