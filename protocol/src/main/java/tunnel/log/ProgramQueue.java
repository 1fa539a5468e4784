package tunnel.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;

/// The queue of the program's own log, which tells a loss in the log itself.
final class ProgramQueue extends CountingQueue<ILoggingEvent> {
    private static final int LINES = 4096;

    ProgramQueue() {
        super(LINES, ProgramQueue::line);
    }

    @Override
    protected void prepare(ILoggingEvent event) {
        event.prepareForDeferredProcessing();
    }

    private static ILoggingEvent line(ILoggingEvent next, long lost) {
        Logger logger = ((LoggerContext) org.slf4j.LoggerFactory.getILoggerFactory()).getLogger(CountingQueue.class);
        String message = lost + " log lines were dropped: standard error was not read fast enough";
        LoggingEvent line = new LoggingEvent(CountingQueue.class.getName(), logger, Level.WARN, message, null, null);
        line.setThreadName(next.getThreadName());
        return line;
    }
}
