package tunnel.server.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import tunnel.net.Source;
import tunnel.server.registry.Limits;

class PenaltiesTest {
    private static final Limits.Penalties LIMITS = Limits.DEFAULT.penalties();
    private static final Source EVE = source("203.0.113.9");
    private static final Source ANN = source("203.0.113.10");

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5); // nanoTime may overflow
    private final Penalties penalties = new Penalties(LIMITS, now::get);
    private final AtomicInteger checked = new AtomicInteger();

    private static Source source(String address) {
        return Source.of(InetAddress.ofLiteral(address));
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    private void guess(Source source) {
        assertThat(penalties.check(source, () -> {
                            checked.incrementAndGet();
                            return null;
                        })
                        .result())
                .isNull();
    }

    private boolean logsIn(Source source) {
        return penalties.check(source, () -> "in").result() != null;
    }

    @Test
    void twoSlipsCostNothingAndAThirdOneDoes() {
        guess(ANN);
        guess(ANN);
        assertThat(logsIn(ANN)).isTrue();
        guess(ANN);
        assertThat(penalties.delay(ANN)).isEqualTo(Duration.ofSeconds(15));
        assertThat(logsIn(ANN)).isFalse();
        pass(Duration.ofSeconds(15));
        assertThat(logsIn(ANN)).isTrue();
    }

    @Test
    void noMoreThanTwentyGuessesAMinuteAreChecked() {
        for (int second = 0; second < 60; second++) {
            for (int i = 0; i < 200; i++) {
                guess(EVE);
            }
            pass(Duration.ofSeconds(1));
        }
        assertThat(checked).hasValueBetween(3, 20);
    }

    @Test
    void whoGoesOnGuessingIsCheckedLessAndLess() {
        for (int second = 0; second < 3600; second++) {
            guess(EVE);
            pass(Duration.ofSeconds(1));
        }
        assertThat(checked).hasValueLessThan(60);
        assertThat(penalties.delay(EVE)).isLessThanOrEqualTo(LIMITS.longest().minus(LIMITS.free()));
    }

    @Test
    void aDebtIsPaidByWaitingAndForgotten() {
        for (int i = 0; i < 100; i++) {
            pass(penalties.delay(EVE));
            guess(EVE);
        }
        pass(LIMITS.longest());
        assertThat(logsIn(EVE)).isTrue();
        guess(EVE);
        guess(EVE);
        assertThat(logsIn(EVE)).isTrue();
    }

    @Test
    void otherAddressesAreNotConcernedButTheSameNetworkIs() {
        for (int i = 0; i < 3; i++) {
            guess(EVE);
            guess(source("2001:db8::" + i));
        }
        assertThat(logsIn(ANN)).isTrue();
        assertThat(logsIn(source("2001:db8::ffff:1"))).isFalse();
        assertThat(logsIn(source("2001:db8:0:1::1"))).isTrue();
    }

    @Test
    void theOldestAreForgotten() {
        for (int i = 0; i < 3; i++) {
            guess(EVE);
        }
        for (int i = 0; i < Penalties.MOST; i++) {
            assertThat(penalties.delay(EVE)).isPositive();
            guess(source("10.1." + (i >> 8) + "." + (i & 0xFF)));
        }
        assertThat(penalties.known()).isEqualTo(Penalties.MOST);
        assertThat(penalties.delay(EVE)).isZero();
    }
}
