package tunnel.log;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.concurrent.locks.ReentrantLock;

/// Queues log lines for a writer's thread, never makes the caller wait, and counts what it had to drop.
final class CountingQueue extends AsyncAppender {
    private static final int LINES = 4096;

    /// Held while lines are queued, which waits for nobody: only so is the room that was seen still there.
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private long dropped;

    CountingQueue() {
        setQueueSize(LINES);
        setDiscardingThreshold(0); // do not drop the lesser levels early
        setNeverBlock(true);
        setMaxFlushTime(1000); // milliseconds, at the end
    }

    @Override
    protected void append(ILoggingEvent event) {
        event.prepareForDeferredProcessing(); // the one part that takes time
        lock.lock();
        try {
            int room = dropped == 0 ? 1 : 2;
            if (getRemainingCapacity() < room) {
                dropped++;
                return;
            }
            if (dropped > 0) {
                super.append(line(event, dropped));
                dropped = 0;
            }
            super.append(event);
        } finally {
            lock.unlock();
        }
    }

    private LoggingEvent line(ILoggingEvent occasion, long lost) {
        Logger logger = ((LoggerContext) getContext()).getLogger(CountingQueue.class);
        String message = lost + " log lines were dropped: standard error was not read fast enough";
        LoggingEvent line = new LoggingEvent(CountingQueue.class.getName(), logger, Level.WARN, message, null, null);
        line.setThreadName(occasion.getThreadName());
        return line;
    }
}
