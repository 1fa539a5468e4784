package tunnel.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private static final long EARLY = Duration.ofSeconds(59).toNanos();
    private static final long LATE = Duration.ofSeconds(60).toNanos();

    /// The longest of the n-th waits of many clients, and the sum of all.
    private static List<Long> longest(int waits, long sinceLoss) {
        List<Long> longest = new ArrayList<>();
        for (int client = 0; client < 3000; client++) {
            Backoff backoff = new Backoff();
            for (int i = 0; i < waits; i++) {
                long millis = backoff.next(sinceLoss).toMillis();
                assertThat(millis).isNotNegative();
                if (client == 0) {
                    longest.add(millis);
                }
                longest.set(i, Math.max(longest.get(i), millis));
            }
        }
        return longest;
    }

    @Test
    void staysShortForTheFirstMinute() {
        List<Long> longest = longest(5, EARLY);

        assertThat(longest.getFirst()).isBetween(230L, 250L);
        assertThat(longest.subList(1, 5)).allSatisfy(millis -> assertThat(millis).isBetween(460L, 500L));
    }

    @Test
    void growsTo15SecondsAfterwards() {
        List<Long> longest = longest(9, LATE);
        long[] bounds = {250, 500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000};

        for (int i = 0; i < bounds.length; i++) {
            assertThat(longest.get(i)).isBetween(bounds[i] * 9 / 10, bounds[i]);
        }
    }

    @Test
    void isShortAgainAfterALoss() {
        Backoff backoff = new Backoff();
        for (int i = 0; i < 10; i++) {
            var _ = backoff.next(LATE);
        }
        backoff.lost();

        assertThat(backoff.next()).isBetween(Duration.ZERO, Duration.ofMillis(250));
    }

    @Test
    void clientsThatLostOneServerDoNotComeBackInStep() {
        List<Duration> waits = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            waits.add(new Backoff().next());
        }

        assertThat(waits).anyMatch(wait -> wait.toMillis() < 30).anyMatch(wait -> wait.toMillis() > 220);
    }
}
