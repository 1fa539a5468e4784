package tunnel.server.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateLimiterTest {
    private static final InetAddress ANN = InetAddress.ofLiteral("203.0.113.9");
    private static final InetAddress BOB = InetAddress.ofLiteral("203.0.113.10");

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5); // nanoTime may overflow

    private RateLimiter limiter(int perSecond) {
        return new RateLimiter(perSecond, now::get);
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    private static int allowed(RateLimiter limiter, InetAddress visitor, int requests) {
        int allowed = 0;
        for (int i = 0; i < requests; i++) {
            allowed += limiter.allow(visitor) ? 1 : 0;
        }
        return allowed;
    }

    private static InetAddress address(int i) {
        return InetAddress.ofLiteral("10.1." + (i >> 8) + "." + (i & 0xFF));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 10, 1000})
    void aSecondsWorthPassesAtOnceAndThenAsMuchInEachSecond(int perSecond) {
        RateLimiter limiter = limiter(perSecond);
        for (int second = 0; second < 3; second++) {
            assertThat(allowed(limiter, ANN, 2 * perSecond)).isEqualTo(perSecond);
            pass(Duration.ofSeconds(1));
        }
    }

    @Test
    void requestsComeBackOneByOneAndRestSavesNoMoreThanASecondsWorth() {
        RateLimiter limiter = limiter(10);
        assertThat(allowed(limiter, ANN, 10)).isEqualTo(10);
        pass(Duration.ofMillis(99));
        assertThat(limiter.allow(ANN)).isFalse();
        pass(Duration.ofMillis(1));
        assertThat(allowed(limiter, ANN, 2)).isEqualTo(1);
        pass(Duration.ofHours(1));
        assertThat(allowed(limiter, ANN, 20)).isEqualTo(10);
    }

    @Test
    void whoIsRefusedLosesNothingByTryingAgain() {
        RateLimiter limiter = limiter(1);
        assertThat(allowed(limiter, ANN, 1000)).isEqualTo(1);
        pass(Duration.ofSeconds(1));
        assertThat(limiter.allow(ANN)).isTrue();
    }

    @Test
    void visitorsDoNotShareARateButThoseOfOneIpv6NetworkDo() {
        RateLimiter limiter = limiter(1);
        assertThat(limiter.allow(ANN)).isTrue();
        assertThat(limiter.allow(BOB)).isTrue();
        assertThat(limiter.allow(InetAddress.ofLiteral("2001:db8:0:1::1"))).isTrue();
        assertThat(limiter.allow(InetAddress.ofLiteral("2001:db8:0:1:ffff:ffff:ffff:ffff"))).isFalse();
        assertThat(limiter.allow(InetAddress.ofLiteral("2001:db8:0:2::1"))).isTrue();
        assertThat(limiter.allow(InetAddress.ofLiteral("0:0:cb00:7109::"))).as("no relation of 203.0.113.9").isTrue();
    }

    @Test
    void ofTooManyAddressesThoseThatAreFullestAreForgotten() {
        RateLimiter limiter = limiter(2);
        assertThat(allowed(limiter, ANN, 3)).isEqualTo(2); // the oldest, and empty
        for (int i = 0; i < RateLimiter.MOST + 100; i++) {
            assertThat(limiter.allow(address(i))).isTrue();
        }
        assertThat(limiter.allow(ANN)).as("still known").isFalse();
        assertThat(limiter.known()).isEqualTo(RateLimiter.MOST);
    }

    @Test
    void manyThreadsTogetherGetNoMore() throws Exception {
        RateLimiter limiter = limiter(1000);
        AtomicInteger allowed = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            threads.add(Thread.ofVirtual().start(() -> allowed.addAndGet(allowed(limiter, ANN, 500))));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(allowed).hasValue(1000);
    }
}
