package tunnel.inspect.capture;

import java.util.concurrent.atomic.AtomicLong;

/// What may be used up at once, and fills up again with time. Any thread takes; one fills.
final class Allowance {
    private static final double NANOS = 1e9;

    private final long most;
    private final long perSecond;
    private final AtomicLong left;
    private long filledAt = System.nanoTime(); // the thread that fills

    Allowance(long most, long perSecond) {
        this.most = most;
        this.perSecond = perSecond;
        this.left = new AtomicLong(most);
    }

    /// Takes so much where there is anything left; the last to take may take more than that.
    boolean take(long amount) {
        if (left.get() <= 0) {
            return false;
        }
        left.getAndAdd(-amount);
        return true;
    }

    boolean isFull() {
        return left.get() >= most;
    }

    void fill() {
        long more = (long) ((System.nanoTime() - filledAt) / NANOS * perSecond);
        if (more > 0) {
            filledAt += (long) (more * NANOS / perSecond);
            left.getAndUpdate(now -> Math.min(most, now + more));
        }
    }
}
