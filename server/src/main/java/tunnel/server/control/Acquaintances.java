package tunnel.server.control;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import tunnel.net.Source;

/// The addresses from which somebody is logged in, or was a short time ago: the others are strangers'. Many clients may share
/// an address, and the data channels of a session that has just ended may still be on their way. Thread-safe.
final class Acquaintances {
    static final int MOST = 10_000; // that have left; some 2 MB
    static final Duration REMEMBERED = Duration.ofMinutes(1);

    private final LongSupplier clock;

    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Map<Source, Integer> present = new HashMap<>(); // connections that have logged in

    @GuardedBy("lock")
    private final LinkedHashMap<Source, Long> left = new LinkedHashMap<>(); // who left first is first

    /// @param clock as System.nanoTime
    Acquaintances(LongSupplier clock) {
        this.clock = clock;
    }

    /// A connection from there has logged in.
    void arrived(Source source) {
        lock.lock();
        try {
            present.merge(source, 1, Integer::sum);
            left.remove(source);
        } finally {
            lock.unlock();
        }
    }

    /// One that had logged in is closed.
    void left(Source source) {
        lock.lock();
        try {
            if (present.merge(source, -1, Integer::sum) > 0) {
                return;
            }
            present.remove(source);
            left.remove(source);
            if (left.size() >= MOST) {
                var _ = left.pollFirstEntry();
            }
            left.put(source, clock.getAsLong());
        } finally {
            lock.unlock();
        }
    }

    boolean knows(Source source) {
        lock.lock();
        try {
            Long since = left.get(source);
            return present.containsKey(source)
                    || (since != null && clock.getAsLong() - since < REMEMBERED.toNanos());
        } finally {
            lock.unlock();
        }
    }
}
