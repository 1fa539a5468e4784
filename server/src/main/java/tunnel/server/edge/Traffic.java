package tunnel.server.edge;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Counts visits: HTTP requests that were let in, or connections of a TCP tunnel. Whoever serves one only adds; for what came
/// of late a ticker keeps how many there were at the end of each {@link #STEP} of the last five minutes. Thread-safe.
public final class Traffic {
    /// How exact the last minutes are.
    static final Duration STEP = Duration.ofSeconds(5);

    private static final int MINUTE = 12; // steps
    private static final int FIVE_MINUTES = 60;

    /// What was counted.
    ///
    /// @param open under way
    /// @param total since the tunnel, or the server, is there
    /// @param lastMinute of `total`
    /// @param lastFiveMinutes of `total`
    /// @param bytesIn from visitors, by those that are over: the bodies of requests, all of a TCP connection
    /// @param bytesOut the same to visitors
    public record Count(long open, long total, long lastMinute, long lastFiveMinutes, long bytesIn, long bytesOut) {}

    private final @Nullable Traffic whole;
    private final LongAdder began = new LongAdder();
    private final LongAdder ended = new LongAdder();
    private final LongAdder bytesIn = new LongAdder();
    private final LongAdder bytesOut = new LongAdder();

    private final ReentrantLock lock = new ReentrantLock(); // of the ticker, and of who asks

    @GuardedBy("lock")
    private final long[] before = new long[FIVE_MINUTES]; // totals at the ends of the last steps, in a ring

    @GuardedBy("lock")
    private int steps; // so far

    /// @param whole in which all is counted too, or null
    Traffic(@Nullable Traffic whole) {
        this.whole = whole;
    }

    void began() {
        began.increment();
        if (whole != null) {
            whole.began();
        }
    }

    /// One that {@link #began} is over.
    void ended(long in, long out) {
        ended.increment();
        bytesIn.add(in);
        bytesOut.add(out);
        if (whole != null) {
            whole.ended(in, out);
        }
    }

    /// A step is over. By the edge's ticker.
    void step() {
        long total = began.sum();
        lock.lock();
        try {
            before[steps++ % FIVE_MINUTES] = total;
        } finally {
            lock.unlock();
        }
    }

    Count count() {
        long over = ended.sum(); // first: one that ends meanwhile still counts as open
        long total = began.sum();
        lock.lock();
        try {
            return new Count(
                    total - over, total, total - at(MINUTE), total - at(FIVE_MINUTES), bytesIn.sum(), bytesOut.sum());
        } finally {
            lock.unlock();
        }
    }

    /// The total so many steps ago.
    @GuardedBy("lock")
    private long at(int ago) {
        return steps < ago ? 0 : before[(steps - ago) % FIVE_MINUTES];
    }
}
