package tunnel.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tunnel.fixture.LeakCheck;
import tunnel.fixture.LogLines;
import tunnel.server.registry.Limits;

/// Data channels are used again, which is what they are for.
@ExtendWith(LeakCheck.class)
class SessionReuseTest {
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void visitorsWhoComeOneAfterAnotherCostNoNewConnections(boolean plain) throws Exception {
        try (LogLines log = new LogLines(Level.DEBUG);
                Scene scene = Scene.start(Limits.DEFAULT, plain)) {
            for (int i = 0; i < 300; i++) {
                assertThat(scene.visit("/again").status()).isEqualTo(200);
            }
            assertThat(log.with("the server refused a data channel").size())
                    .as("connections that were dialled in vain")
                    .isLessThanOrEqualTo(1);
            assertThat(scene.link().dialled()).isLessThan(20);
        }
    }
}
