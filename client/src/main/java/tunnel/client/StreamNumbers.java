package tunnel.client;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.BitSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import tunnel.protocol.ProtocolException;

/// Which stream numbers of a session were seen: each is acted on once. A number is remembered for at least 60 s; one that is
/// older than all that are remembered counts as seen. It costs a bit a stream. Thread-safe.
final class StreamNumbers {
    private static final long MEMORY_NANOS = Duration.ofSeconds(60).toNanos();
    /// Servers count up; this many streams in two minutes are none of an honest one's.
    private static final int MOST = 1 << 26;

    private final LongSupplier nanoTime;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final BitSet seen = new BitSet(); // bit i is number floor + 1 + i

    @GuardedBy("lock")
    private long floor; // all up to this one count as seen

    @GuardedBy("lock")
    private long nextFloor; // the highest when the present period began

    @GuardedBy("lock")
    private long highest;

    @GuardedBy("lock")
    private long periodBegan;

    /// @param nanoTime a clock as `System.nanoTime`
    StreamNumbers(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.periodBegan = nanoTime.getAsLong();
    }

    /// Notes a number, and says whether it was new.
    ///
    /// @throws ProtocolException when it is far above all before
    boolean isFirst(long number) throws ProtocolException {
        lock.lock();
        try {
            forget(nanoTime.getAsLong());
            if (number <= floor) {
                return false;
            }
            if (number - floor > MOST) {
                throw new ProtocolException("stream number " + number + " is far above the last, " + highest);
            }
            int bit = (int) (number - floor - 1);
            boolean first = !seen.get(bit);
            seen.set(bit);
            highest = Math.max(highest, number);
            return first;
        } finally {
            lock.unlock();
        }
    }

    /// Once a period: what was the highest number a period ago becomes the floor.
    @GuardedBy("lock")
    private void forget(long now) {
        if (now - periodBegan < MEMORY_NANOS) {
            return;
        }
        int shift = (int) (nextFloor - floor);
        BitSet kept = seen.get(shift, Math.max(shift, seen.length()));
        seen.clear();
        seen.or(kept);
        floor = nextFloor;
        nextFloor = highest;
        periodBegan = now;
    }
}
