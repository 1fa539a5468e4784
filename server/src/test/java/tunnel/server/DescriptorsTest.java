package tunnel.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tunnel.server.registry.Limits;

class DescriptorsTest {
    @Test
    void enoughOfThemChangeNothing() {
        assertThat(Descriptors.fit(Limits.DEFAULT, 1000, 65_536)).isEqualTo(Limits.DEFAULT);
    }

    @ParameterizedTest
    @ValueSource(longs = {256, 1024, 4096, 10_240, 40_000})
    void tooFewLowerTheBoundsOnConnectionsAndSomeAreKeptForOtherThings(long most) {
        Limits fitting = Descriptors.fit(Limits.DEFAULT, 1000, most);
        int both = fitting.visitors().most() + fitting.clients().most();
        assertThat(fitting.visitors().most()).isPositive().isLessThanOrEqualTo(fitting.clients().most());
        assertThat(both).isLessThanOrEqualTo((int) most - 192);
        assertThat(fitting.http()).isEqualTo(Limits.DEFAULT.http());
        assertThat(Descriptors.shortage(Limits.DEFAULT, fitting, most))
                .contains("the limit of " + most + " open files", "Raise it to " + (most - both + 40_000), "LimitNOFILE");
    }
}
