package tunnel.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import org.junit.jupiter.api.Test;
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
                    .as("connections that were dialled in vain; it was one for every fortieth visitor")
                    .isLessThanOrEqualTo(3);
            assertThat(scene.link().dialled()).isLessThan(20);
        }
    }

    @Test
    void pingsOfIdleChannelsDoNotDisturbTheVisitorsWhoTakeThem() throws Exception {
        try (LogLines log = new LogLines(Level.DEBUG);
                Scene scene = Scene.start(Quick.frequentPings(), true);
                Visitors one = new Visitors(() -> scene.visit("/one"));
                Visitors two = new Visitors(() -> scene.visit("/two"));
                Visitors three = new Visitors(() -> scene.visit("/three"))) {
            one.awaitMore(500);
            two.awaitMore(1);
            three.awaitMore(1);
            assertThat(one.failures()).isEmpty();
            assertThat(two.failures()).isEmpty();
            assertThat(three.failures()).isEmpty();
            assertThat(log.with("an idle data channel did not answer")).isEmpty();
            assertThat(log.with("inside stream")).isEmpty();
        }
    }
}
