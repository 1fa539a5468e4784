package tunnel.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import tunnel.protocol.ProtocolException;

class StreamNumbersTest {
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5); // as of a clock that is about to overflow
    private final StreamNumbers numbers = new StreamNumbers(nanos::get);

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void eachNumberIsActedOnOnceInAnyOrder() throws ProtocolException {
        for (long number : new long[] {3, 1, 2, 100, 50}) {
            assertThat(numbers.isFirst(number)).isTrue();
            assertThat(numbers.isFirst(number)).isFalse();
        }
        assertThat(numbers.isFirst(3)).isFalse();
    }

    @Test
    void aRepeatIsRefusedFor60SecondsAndEverAfter() throws ProtocolException {
        assertThat(numbers.isFirst(1)).isTrue();
        for (int seconds = 0; seconds < 600; seconds += 7) {
            pass(Duration.ofSeconds(7));
            assertThat(numbers.isFirst(1)).as("after %d s", seconds).isFalse();
        }
    }

    @Test
    void oneThatWasOvertakenCountsForAMinute() throws ProtocolException {
        assertThat(numbers.isFirst(10)).isTrue();
        pass(Duration.ofSeconds(59));
        assertThat(numbers.isFirst(9)).isTrue();
        pass(Duration.ofSeconds(2));
        assertThat(numbers.isFirst(11)).isTrue(); // a period ends here
        pass(Duration.ofSeconds(61));
        assertThat(numbers.isFirst(8)).as("older than all that are remembered").isFalse();
        assertThat(numbers.isFirst(12)).isTrue();
    }

    @Test
    void aLongPauseForgetsNothingThatMatters() throws ProtocolException {
        assertThat(numbers.isFirst(1)).isTrue();
        pass(Duration.ofDays(3));
        assertThat(numbers.isFirst(2)).isTrue();
        assertThat(numbers.isFirst(1)).isFalse();
        pass(Duration.ofDays(3));
        assertThat(numbers.isFirst(3)).isTrue();
        assertThat(numbers.isFirst(2)).isFalse();
    }

    @Test
    void aNumberFarAboveAllBeforeBreaksTheProtocol() throws ProtocolException {
        assertThat(numbers.isFirst(1 << 26)).isTrue();
        assertThatThrownBy(() -> numbers.isFirst((1 << 26) + 1))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("stream number 67108865 is far above the last, 67108864");
        assertThatThrownBy(() -> numbers.isFirst(Long.MAX_VALUE)).isInstanceOf(ProtocolException.class);
    }

    @Test
    void noNumberIsEverFirstTwiceAndNoneIsRefusedInTime() throws ProtocolException {
        Random random = new Random(5);
        Set<Long> seen = new HashSet<>();
        long highest = 0;
        for (int i = 0; i < 200_000; i++) {
            long number = Math.max(1, highest + 1 - random.nextInt(4));
            highest = Math.max(highest, number);
            pass(Duration.ofMillis(random.nextInt(20)));

            assertThat(numbers.isFirst(number)).as("number %d", number).isEqualTo(seen.add(number));
        }
    }
}
