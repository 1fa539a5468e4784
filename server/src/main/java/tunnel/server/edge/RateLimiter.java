package tunnel.server.edge;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.net.InetAddress;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import tunnel.net.Source;

/// Lets each visitor's address make so many requests a second to one tunnel, and as many at once after a second of rest: a
/// token bucket for each address. Thread-safe.
final class RateLimiter {
    static final int MOST = 10_000; // some 2 MB

    /// @param fullAt when it will be full again; it is, where that is past
    private record Bucket(Source key, long fullAt) {}

    private static final Comparator<Bucket> FULLEST_FIRST =
            Comparator.comparingLong(Bucket::fullAt).thenComparing(Bucket::key);

    private final long perToken; // nanoseconds
    private final long perBucket;
    private final LongSupplier clock;
    private final long start;

    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Map<Source, Bucket> buckets = new HashMap<>();

    @GuardedBy("lock")
    private final TreeSet<Bucket> byFill = new TreeSet<>(FULLEST_FIRST);

    /// @param perSecond at least 1
    RateLimiter(int perSecond) {
        this(perSecond, System::nanoTime);
    }

    /// @param clock as System.nanoTime
    RateLimiter(int perSecond, LongSupplier clock) {
        int tokens = Math.max(1, perSecond);
        this.perToken = TimeUnit.SECONDS.toNanos(1) / tokens;
        this.perBucket = perToken * tokens;
        this.clock = clock;
        this.start = clock.getAsLong();
    }

    /// Whether the visitor may make one more request now. One that may not costs nothing.
    boolean allow(InetAddress visitor) {
        Source key = Source.of(visitor);
        lock.lock();
        try {
            long now = clock.getAsLong() - start;
            Bucket bucket = buckets.get(key);
            long fullAt = (bucket == null ? now : Math.max(now, bucket.fullAt)) + perToken;
            if (fullAt - now > perBucket) {
                return false;
            }
            if (bucket != null) {
                byFill.remove(bucket);
            } else if (buckets.size() >= MOST) {
                buckets.remove(byFill.removeFirst().key);
            }
            Bucket emptier = new Bucket(key, fullAt);
            buckets.put(key, emptier);
            byFill.add(emptier);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// Addresses that are remembered.
    int known() {
        lock.lock();
        try {
            return buckets.size();
        } finally {
            lock.unlock();
        }
    }
}
