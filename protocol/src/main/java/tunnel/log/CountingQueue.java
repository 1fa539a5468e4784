package tunnel.log;

import ch.qos.logback.core.AsyncAppenderBase;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Queues log lines for a writer's thread, never makes the caller wait, and counts what it had to drop.
///
/// @param <E> a line, before it is formatted
class CountingQueue<E> extends AsyncAppenderBase<E> {
    /// How a loss is told.
    @FunctionalInterface
    interface Loss<E> {
        /// A line about it to go before the next one, or null where it is told elsewhere. Must not wait.
        @Nullable E line(E next, long lost);
    }

    private final Loss<E> loss;

    /// Held while lines are queued, which waits for nobody: only so is the room that was seen still there.
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private long dropped;

    CountingQueue(int lines, Loss<E> loss) {
        this.loss = loss;
        setQueueSize(lines);
        setDiscardingThreshold(0); // do not drop the lesser levels early
        setNeverBlock(true);
        setMaxFlushTime(1000); // milliseconds, at the end
    }

    /// What takes time, and has to be done by the caller's thread.
    protected void prepare(E event) {}

    @Override
    protected final void append(E event) {
        prepare(event);
        lock.lock();
        try {
            int room = dropped == 0 ? 1 : 2;
            if (getRemainingCapacity() < room) {
                dropped++;
                return;
            }
            if (dropped > 0) {
                E line = loss.line(event, dropped);
                dropped = 0;
                if (line != null) {
                    super.append(line);
                }
            }
            super.append(event);
        } finally {
            lock.unlock();
        }
    }

    /// How many were dropped and not told yet; they count as told from here on.
    final long takeDropped() {
        lock.lock();
        try {
            long taken = dropped;
            dropped = 0;
            return taken;
        } finally {
            lock.unlock();
        }
    }
}
