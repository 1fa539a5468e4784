package tunnel.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import tunnel.fixture.LeakCheck;
import tunnel.fixture.LogLines;
import tunnel.protocol.Frame;
import tunnel.protocol.Token;
import tunnel.protocol.TunnelProtocol;
import tunnel.server.TunnelServer;
import tunnel.server.registry.Limits;

/// A name stays its token's while its client is away.
@ExtendWith(LeakCheck.class)
@Timeout(90)
class LeaseTest {
    private static final int RACERS = 100;

    @Test
    void aForeignTokenDoesNotGetTheNameOfALostClientAndItsOwnTokenDoes() throws Exception {
        try (LogLines log = new LogLines(Level.INFO);
                Scene scene = Scene.start(Quick.limits())) {
            scene.link().freeze();
            await().atMost(World.PATIENCE).until(() -> !log.with("was lost: it was silent for").isEmpty());

            assertThat(scene.couldHave(Scene.NAME, scene.other())).isFalse();
            assertThat(scene.visit("/").status()).isEqualTo(503);
            assertThat(scene.couldHave(Scene.NAME, scene.token())).isTrue();
        }
    }

    @Test
    void aServerThatIsStartedAgainGivesNothingAwayAndTheClientComesBackToIt() throws Exception {
        try (World world = new World();
                CountingOrigin origin = new CountingOrigin()) {
            Token other = world.anotherToken();
            TunnelServer first = world.server(Limits.DEFAULT, false, 0);
            int controlPort = first.controlPort();
            World.Client client = world.http(first, origin.port(), Scene.NAME);
            first.close();
            TunnelServer second = world.server(Limits.DEFAULT, false, controlPort);

            assertThat(answer(second, other, Scene.NAME)).isInstanceOf(Frame.Reject.class);
            await().atMost(World.PATIENCE)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> Visit.byName(second.httpPort(), Scene.NAME, "/back").status() == 200);
            assertThat(Visit.byPort(client.port(), "/back").status()).isEqualTo(200);
        }
    }

    private static Frame answer(TunnelServer server, Token token, String name) throws IOException {
        try (RawClient raw = RawClient.connect(server.controlPort(), false)) {
            raw.login(token);
            raw.askFor(1, name);
            return raw.tunnelAnswer();
        }
    }

    @Test
    void ofAHundredWhoRaceForTheNameOfAClientThatFallsSilentOneOfItsTokenGetsIt() throws Exception {
        List<RawClient> own = new ArrayList<>();
        List<RawClient> foreign = new ArrayList<>();
        try (Scene scene = Scene.start(Limits.DEFAULT);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            try {
                for (int i = 0; i < RACERS; i++) {
                    boolean isOwn = i % 2 == 0;
                    RawClient raw = RawClient.connect(scene.server().controlPort(), scene.plain());
                    (isOwn ? own : foreign).add(raw);
                    raw.login(isOwn ? scene.token() : scene.other());
                }
                CountDownLatch start = new CountDownLatch(1);
                List<Future<Boolean>> ownWon = race(own, threads, start);
                List<Future<Boolean>> foreignWon = race(foreign, threads, start);
                scene.link().freeze();
                start.countDown();

                assertThat(count(ownWon)).isOne();
                assertThat(count(foreignWon)).isZero();
            } finally {
                own.forEach(RawClient::close);
                foreign.forEach(RawClient::close);
            }
        }
    }

    private static List<Future<Boolean>> race(List<RawClient> racers, ExecutorService threads, CountDownLatch start) {
        return racers.stream()
                .map(racer -> threads.submit(() -> {
                    start.await();
                    racer.askFor(1, Scene.NAME);
                    return racer.tunnelAnswer() instanceof Frame.Assigned;
                }))
                .toList();
    }

    private static int count(List<Future<Boolean>> answers) throws Exception {
        int yes = 0;
        for (Future<Boolean> answer : answers) {
            yes += answer.get() ? 1 : 0;
        }
        return yes;
    }
}
