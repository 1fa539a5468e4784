package tunnel.server.registry;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/// The hosts of tunnels whose client was lost: for a while their visitors hear that it may come back. The oldest are forgotten
/// where there are too many. Thread-safe.
public final class Away {
    static final int MOST = 10_000; // some 2 MB

    private final long nanos;
    private final LongSupplier clock;

    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final LinkedHashMap<String, Long> since = new LinkedHashMap<>(); // the oldest first

    /// @param time that they are remembered
    public Away(Duration time) {
        this(time, System::nanoTime);
    }

    /// @param clock as System.nanoTime
    Away(Duration time, LongSupplier clock) {
        this.nanos = time.toNanos();
        this.clock = clock;
    }

    void add(String host) {
        lock.lock();
        try {
            since.remove(host);
            if (since.size() >= MOST) {
                var _ = since.pollFirstEntry();
            }
            since.put(host, clock.getAsLong());
        } finally {
            lock.unlock();
        }
    }

    /// Somebody has it now.
    void forget(String host) {
        lock.lock();
        try {
            since.remove(host);
        } finally {
            lock.unlock();
        }
    }

    boolean contains(String host) {
        lock.lock();
        try {
            Long began = since.get(host);
            return began != null && clock.getAsLong() - began < nanos;
        } finally {
            lock.unlock();
        }
    }
}
