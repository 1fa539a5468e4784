package tunnel.net;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/// How long to wait before the next dial: full jitter, so that clients that lost one server do not come back in step.
///
/// The bound starts at 250 ms and doubles. For the first minute it stays at 500 ms or less, since a server that restarts
/// should find its clients back at once; after that it grows to 15 s, since a server that is gone should not be hammered.
/// Used by one thread.
public final class Backoff {
    private static final long FIRST_MILLIS = 250;
    private static final long FIRST_MINUTE_MILLIS = 500;
    private static final long LAST_MILLIS = 15_000;

    private long boundMillis = FIRST_MILLIS;
    private long startedNanos = System.nanoTime();

    /// To call when a connection was lost: the next wait is short again, and the minute begins.
    public void lost() {
        boundMillis = FIRST_MILLIS;
        startedNanos = System.nanoTime();
    }

    /// Whether the first minute is not over.
    public boolean isEarly() {
        return isEarly(System.nanoTime() - startedNanos);
    }

    private static boolean isEarly(long sinceLossNanos) {
        return sinceLossNanos < TimeUnit.MINUTES.toNanos(1);
    }

    /// The next wait, between nothing and the present bound.
    public Duration next() {
        return next(System.nanoTime() - startedNanos);
    }

    Duration next(long sinceLossNanos) {
        long bound = Math.min(boundMillis, isEarly(sinceLossNanos) ? FIRST_MINUTE_MILLIS : LAST_MILLIS);
        boundMillis = Math.min(LAST_MILLIS, bound * 2);
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(bound + 1));
    }
}
