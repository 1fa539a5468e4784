package tunnel.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tunnel.net.Buffers;

class PaceTest {
    private static final int MIB = 1 << 20;
    private static final long MILLI = 1_000_000;

    private final Pace pace = new Pace(Buffers.RECORD);
    private long now = Long.MAX_VALUE - 50 * MILLI; // nanoTime may wrap

    private void come(int bytes, int atOnce, long inMillis) {
        int reads = bytes / atOnce;
        for (int i = 0; i < reads; i++) {
            now += inMillis * MILLI / reads;
            pace.count(atOnce, now);
        }
    }

    @Test
    void littleGetsASmallBuffer() {
        assertThat(pace.bufferSize()).isEqualTo(Buffers.SMALL);
        come(10 * MIB, 1024, 1);
        assertThat(pace.bufferSize()).isEqualTo(Buffers.SMALL);
    }

    @Test
    void whatFillsItGetsARecordsAndTenMebibytesASecondALargeOne() {
        come(Buffers.SMALL, Buffers.SMALL, 1);
        assertThat(pace.bufferSize()).isEqualTo(Buffers.RECORD);
        come(MIB, Buffers.RECORD, 90);
        come(MIB, Buffers.RECORD, 90);
        assertThat(pace.bufferSize()).isEqualTo(Buffers.LARGE);
    }

    @Test
    void whoTakesItSlowlyKeepsARecords() {
        come(8 * MIB, Buffers.RECORD, 8 * 150);
        assertThat(pace.bufferSize()).isEqualTo(Buffers.RECORD);
    }

    @Test
    void aLargeOneGoesWhenItSlowsDown() {
        come(2 * MIB, Buffers.LARGE, 20);
        assertThat(pace.bufferSize()).isEqualTo(Buffers.LARGE);
        come(2 * MIB, Buffers.LARGE, 400);
        assertThat(pace.bufferSize()).isEqualTo(Buffers.RECORD);
        come(2 * MIB, Buffers.LARGE, 20);
        pace.count(100, now);
        assertThat(pace.bufferSize()).isEqualTo(Buffers.SMALL);
        pace.count(Buffers.SMALL, now);
        assertThat(pace.bufferSize()).isEqualTo(Buffers.RECORD);
    }

    @Test
    void aLargeOneGoesWithTheFirstReadThatIsLate() {
        come(2 * MIB, Buffers.LARGE, 20);
        come(Buffers.LARGE, Buffers.LARGE, 200);
        assertThat(pace.bufferSize()).isEqualTo(Buffers.RECORD);
    }
}
