package tunnel.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tunnel.fixture.LogLines;
import tunnel.server.registry.Limits;

class DescriptorsTest {
    @Test
    void enoughOfThemChangeNothing() {
        try (LogLines log = new LogLines(Level.INFO)) {
            assertThat(Descriptors.fit(Limits.DEFAULT, 1000, 65_536)).isEqualTo(Limits.DEFAULT);
            assertThat(log.all()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {256, 1024, 4096, 10_240, 40_000})
    void tooFewLowerTheBoundsOnConnectionsAndSomeAreKeptForOtherThings(long most) {
        try (LogLines log = new LogLines(Level.WARN)) {
            Limits fitting = Descriptors.fit(Limits.DEFAULT, 1000, most);
            assertThat(fitting.visitors().most()).isPositive().isLessThan(fitting.clients().most() + 1);
            assertThat(fitting.visitors().most() + fitting.clients().most()).isLessThanOrEqualTo((int) most - 192);
            assertThat(fitting.http()).isEqualTo(Limits.DEFAULT.http());
            assertThat(log.with("LimitNOFILE")).hasSize(1);
        }
    }
}
