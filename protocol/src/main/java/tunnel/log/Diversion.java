package tunnel.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.StreamSupport;
import org.slf4j.LoggerFactory;

/// While it is open, the log's lines go to somebody who shows them elsewhere, and may stay away from standard error. After that,
/// standard error gets the last ones that tell of trouble: what they said would be lost with the screen.
public final class Diversion implements AutoCloseable {
    private static final int MOST_KEPT = 5;

    /// A line of the log.
    ///
    /// @param severe whether it is a warning, or worse
    public record Line(Instant at, boolean severe, String text) {}

    private final Logger root =
            ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final List<Appender<ILoggingEvent>> away; // from standard error for now
    private final Watching watching;

    /// @param to called on the threads that log, which must not be kept waiting
    /// @param alone whether nothing shall go to standard error meanwhile
    public Diversion(Consumer<Line> to, boolean alone) {
        this.away = alone
                ? StreamSupport.stream(((Iterable<Appender<ILoggingEvent>>) root::iteratorForAppenders).spliterator(), false).toList()
                : List.of();
        this.watching = new Watching(to);
        watching.setContext(root.getLoggerContext());
        watching.start();
        root.addAppender(watching);
        away.forEach(root::detachAppender);
    }

    /// Has standard error get the lines again. Closing again does nothing.
    @Override
    public void close() {
        if (root.detachAppender(watching)) {
            away.forEach(root::addAppender);
            watching.takeKept().forEach(event -> away.forEach(appender -> appender.doAppend(event)));
        }
    }

    private static final class Watching extends UnsynchronizedAppenderBase<ILoggingEvent> {
        private final Consumer<Line> to;
        private final ReentrantLock lock = new ReentrantLock();

        @GuardedBy("lock")
        private final Deque<ILoggingEvent> kept = new ArrayDeque<>();

        Watching(Consumer<Line> to) {
            this.to = to;
        }

        @Override
        protected void append(ILoggingEvent event) {
            boolean severe = event.getLevel().isGreaterOrEqual(Level.WARN);
            if (severe) {
                keep(event);
            }
            if (event.getLevel().isGreaterOrEqual(Level.INFO)) {
                IThrowableProxy thrown = event.getThrowableProxy();
                String why = thrown == null ? "" : ": " + thrown.getClassName() + ": " + thrown.getMessage();
                to.accept(new Line(event.getInstant(), severe, event.getFormattedMessage() + why));
            }
        }

        private void keep(ILoggingEvent event) {
            event.prepareForDeferredProcessing();
            lock.lock();
            try {
                kept.add(event);
                if (kept.size() > MOST_KEPT) {
                    kept.removeFirst();
                }
            } finally {
                lock.unlock();
            }
        }

        List<ILoggingEvent> takeKept() {
            lock.lock();
            try {
                List<ILoggingEvent> taken = List.copyOf(kept);
                kept.clear();
                return taken;
            } finally {
                lock.unlock();
            }
        }
    }
}
