package tunnel.server.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import tunnel.net.Source;

class AcquaintancesTest {
    private static final Source ANN = Source.of(InetAddress.ofLiteral("203.0.113.10"));

    private final AtomicLong now = new AtomicLong();
    private final Acquaintances acquaintances = new Acquaintances(now::get);

    @Test
    void anAddressIsKnownFromItsFirstLoginUntilAMinuteAfterItsLast() {
        assertThat(acquaintances.knows(ANN)).isFalse();
        acquaintances.arrived(ANN);
        acquaintances.arrived(ANN);
        now.addAndGet(Acquaintances.REMEMBERED.multipliedBy(10).toNanos());
        acquaintances.left(ANN);
        now.addAndGet(Acquaintances.REMEMBERED.multipliedBy(10).toNanos());
        assertThat(acquaintances.knows(ANN)).as("one is still there").isTrue();
        acquaintances.left(ANN);
        now.addAndGet(Acquaintances.REMEMBERED.toNanos() - 1);
        assertThat(acquaintances.knows(ANN)).isTrue();
        now.addAndGet(1);
        assertThat(acquaintances.knows(ANN)).isFalse();
    }

    @Test
    void thoseWhoLeftFirstAreForgotten() {
        acquaintances.arrived(ANN);
        acquaintances.left(ANN);
        for (int i = 0; i < Acquaintances.MOST; i++) {
            assertThat(acquaintances.knows(ANN)).isTrue();
            Source other = new Source(false, i);
            acquaintances.arrived(other);
            acquaintances.left(other);
        }
        assertThat(acquaintances.knows(ANN)).isFalse();
    }
}
