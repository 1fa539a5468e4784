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

    @Test
    void whoeverMayHaveAllOfThemMayHaveAllOfFewer() {
        Limits.Visitors usual = Limits.DEFAULT.visitors();
        Limits all = Limits.DEFAULT.with(new Limits.Visitors(usual.most(), usual.most(), usual.most(), usual.stalled()));
        Limits.Visitors fitting = Descriptors.fit(all, 1000, 1024).visitors();
        assertThat(fitting.most()).isLessThan(400);
        assertThat(fitting.perAddress()).isEqualTo(fitting.most());
        assertThat(fitting.perTunnel()).isEqualTo(fitting.most());
    }

    @ParameterizedTest
    @ValueSource(longs = {256, 1024, 4096, 10_240, 40_000})
    void tooFewLowerTheBoundsOnConnectionsAndSomeAreKeptForOtherThings(long most) {
        Limits fitting = Descriptors.fit(Limits.DEFAULT, 1000, most);
        int both = fitting.visitors().most() + fitting.clients().most();
        assertThat(fitting.visitors().most()).isPositive().isLessThanOrEqualTo(fitting.clients().most());
        assertThat(both).isLessThanOrEqualTo((int) most - 192);
        assertThat(fitting.logins().pending()).isPositive().isLessThanOrEqualTo(fitting.clients().most() / 4);
        assertThat(fitting.logins().pendingPerAddress()).isPositive().isLessThanOrEqualTo(fitting.logins().pending());
        assertThat(fitting.visitors().perAddress()).isPositive().isLessThanOrEqualTo(fitting.visitors().most() / 4 * 3);
        assertThat(fitting.visitors().perTunnel()).isPositive().isLessThanOrEqualTo(fitting.visitors().most() / 4 * 3);
        assertThat(fitting.http()).isEqualTo(Limits.DEFAULT.http());
        assertThat(Descriptors.shortage(Limits.DEFAULT, fitting, most))
                .contains("the limit of " + most + " open files", "Raise it to " + (most - both + 40_000), "LimitNOFILE");
    }
}
