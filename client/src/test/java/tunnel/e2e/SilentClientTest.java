package tunnel.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import tunnel.fixture.LeakCheck;

/// A response that does not begin: the app takes its time, or nobody is there any more.
@Timeout(60)
@ExtendWith(LeakCheck.class)
class SilentClientTest {
    private static final Duration DOUBT = Duration.ofMillis(800);

    @Test
    void aRequestOnAKeptConnectionHearsOfASilentClientLongBeforeItsSessionEnds() throws Exception {
        try (Scene scene = Scene.start(Quick.doubt(DOUBT))) {
            assertThat(scene.visit("/before").status()).isEqualTo(200); // its connection to the app is kept
            scene.link().freeze();
            Stopwatch sinceRequest = new Stopwatch();
            Visit visit = scene.visit("/silent");

            assertThat(sinceRequest.elapsed()).isBetween(DOUBT, Duration.ofSeconds(10)); // the session has 15 s
            assertThat(visit.status()).isEqualTo(504);
            assertThat(visit.body()).contains("does not answer any more");
        }
    }

    @Test
    void aSlowAppIsWaitedForAsItsClientIsThere() throws Exception {
        try (HttpOrigin slow = HttpOrigin.answering((request, to) -> {
                    Stopwatch sinceRequest = new Stopwatch();
                    await().until(() -> sinceRequest.elapsed().compareTo(DOUBT.multipliedBy(4)) > 0);
                    to.send(HttpAnswer.ok("at last"));
                });
                HttpScene scene = HttpScene.of(slow.port(), Quick.doubt(DOUBT));
                Peer visitor = scene.visitor()) {
            for (int i = 0; i < 2; i++) { // on a new connection to it, and on a kept one
                assertThat(HttpAnswer.read(visitor.send(scene.get("/"))).text()).isEqualTo("at last");
            }
        }
    }
}
