package tunnel.net;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The watchdog: runs an action when time is up, unless it was cancelled before.
///
/// A blocking write has no timeout of its own, so what bounds it is an action here that closes the raw socket. Actions run
/// on the watchdog's one thread and must not block. Time is that of `System.nanoTime`, so a clock that is set forward or
/// back changes nothing.
public final class Deadlines implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Deadlines.class);

    private final ScheduledThreadPoolExecutor watchdog;

    public Deadlines() {
        watchdog = new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().name("deadlines").factory());
        watchdog.setRemoveOnCancelPolicy(true);
        watchdog.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /// Runs `action` after `delay`, unless the answer is closed first. After {@link #close} nothing runs any more.
    public Deadline after(Duration delay, Runnable action) {
        Deadline deadline = new Deadline();
        try {
            deadline.future = watchdog.schedule(() -> deadline.expire(action), delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            // closed: whoever closed it closes the sockets too
        }
        return deadline;
    }

    /// Runs `action` again and again, until the answer is closed.
    public Deadline every(Duration interval, Runnable action) {
        Deadline deadline = new Deadline();
        try {
            long nanos = interval.toNanos();
            deadline.future =
                    watchdog.scheduleWithFixedDelay(() -> survive(action), nanos, nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            // closed, as above
        }
        return deadline;
    }

    /// The executor would never run it again, and nobody would know.
    private static void survive(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException e) {
            log.error("what runs again and again failed", e);
        }
    }

    @Override
    public void close() {
        watchdog.shutdownNow();
    }

    /// One wait that is bounded. Closing it in time calls the action off; closing it again does nothing.
    public static final class Deadline implements AutoCloseable {
        private volatile boolean expired;
        private volatile @Nullable Future<?> future;

        private Deadline() {}

        private void expire(Runnable action) {
            expired = true;
            action.run();
        }

        /// Whether time ran out and the action was started.
        public boolean expired() {
            return expired;
        }

        @Override
        public void close() {
            Future<?> pending = future;
            if (pending != null) {
                pending.cancel(false);
            }
        }
    }
}
