package tunnel.log;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.util.concurrent.atomic.AtomicLong;

/// Queues log lines for a writer's thread, never makes the caller wait, and counts what it had to drop.
final class CountingQueue extends AsyncAppender {
    private static final int LINES = 4096;

    private final AtomicLong dropped = new AtomicLong();

    CountingQueue() {
        setQueueSize(LINES);
        setDiscardingThreshold(0); // do not drop the lesser levels early
        setNeverBlock(true);
        setMaxFlushTime(1000); // milliseconds, at the end
    }

    @Override
    protected void append(ILoggingEvent event) {
        if (getRemainingCapacity() == 0) {
            dropped.incrementAndGet();
            return;
        }
        long lost = dropped.getAndSet(0);
        if (lost > 0) {
            super.append(line(event, lost));
        }
        super.append(event);
    }

    private static LoggingEvent line(ILoggingEvent occasion, long lost) {
        LoggingEvent line = new LoggingEvent();
        line.setLoggerName(CountingQueue.class.getName());
        line.setThreadName(occasion.getThreadName());
        line.setLevel(Level.WARN);
        line.setTimeStamp(occasion.getTimeStamp());
        line.setMessage(lost + " log lines were dropped: standard error was not read fast enough");
        return line;
    }
}
