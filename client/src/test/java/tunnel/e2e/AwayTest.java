package tunnel.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import tunnel.fixture.LeakCheck;
import tunnel.server.registry.Limits;

/// What visitors of a tunnel hear when its client has gone.
@ExtendWith(LeakCheck.class)
@Timeout(60)
class AwayTest {
    private static void awaitStatus(Scene scene, int status) {
        await().atMost(World.PATIENCE)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> scene.visit("/").status() == status);
    }

    @Test
    void aClientThatWasLostIsAway() throws Exception {
        try (Scene scene = Scene.start(Limits.DEFAULT)) {
            scene.link().close();

            awaitStatus(scene, 503);
            assertThat(scene.visit("/").body()).contains("This tunnel is away");
        }
    }

    @Test
    void aClientThatLeftIsGone() throws Exception {
        try (Scene scene = Scene.start(Limits.DEFAULT)) {
            scene.client().close();

            awaitStatus(scene, 404);
        }
    }
}
