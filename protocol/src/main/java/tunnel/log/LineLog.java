package tunnel.log;

import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.ContextBase;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.EncoderBase;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeAndTimeBasedRollingPolicy;
import ch.qos.logback.core.util.FileSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A log of its own beside the program's: a line an event and nothing else, to standard error or to a file that is rotated.
/// Behind a bounded queue: who writes never waits, and what was dropped is told in the program's log. Thread-safe.
///
/// @param <E> what a line is made of
public final class LineLog<E> implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LineLog.class);

    private static final int LINES = 16_384; // half a second of a busy server's
    private static final int LAST_LINES = 500; // milliseconds for them at the end, within those of the whole program
    private static final String ROTATED = ".%d{yyyy-MM-dd}.%i.gz";
    private static final long FILE_MIB = 20;
    private static final int DAYS = 10;
    private static final long ALL_FILES_MIB = 200;
    private static final Duration BETWEEN_TOLD = Duration.ofSeconds(10);

    private final ContextBase context = new ContextBase();
    private final CountingQueue<E> queue;
    private final String what;

    private long lost; // since it was told; under the queue's lock, and at the end
    private long toldNanos = System.nanoTime() - BETWEEN_TOLD.toNanos();

    private LineLog(String what) {
        this.what = what;
        this.queue = new CountingQueue<>(LINES, this::tell);
        queue.setContext(context);
        queue.setMaxFlushTime(LAST_LINES);
        queue.setName(what.replace(' ', '-'));
    }

    /// To standard error.
    ///
    /// @param what it is called in a sentence: `the access log`
    /// @param format makes a whole line with its end; on one thread
    public static <E> LineLog<E> toStandardError(String what, Function<E, byte[]> format) {
        LineLog<E> made = new LineLog<>(what);
        ConsoleAppender<E> console = new ConsoleAppender<>();
        console.setTarget("System.err");
        made.start(console, format);
        return made;
    }

    /// To the end of a file. It is rotated at 20 MiB and at midnight; what was rotated is compressed, and removed after 10 days
    /// or when all of it is over 200 MiB.
    ///
    /// @throws IOException when it cannot be written
    public static <E> LineLog<E> toFile(String what, Path file, Function<E, byte[]> format) throws IOException {
        Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND).close(); // logback throws nothing
        LineLog<E> made = new LineLog<>(what);
        RollingFileAppender<E> appender = made.new FileAppender();
        appender.setFile(file.toString());
        appender.setContext(made.context);
        SizeAndTimeBasedRollingPolicy<E> policy = new SizeAndTimeBasedRollingPolicy<>();
        policy.setContext(made.context);
        policy.setParent(appender);
        policy.setFileNamePattern(file + ROTATED);
        policy.setMaxFileSize(new FileSize(FILE_MIB << 20));
        policy.setMaxHistory(DAYS);
        policy.setTotalSizeCap(new FileSize(ALL_FILES_MIB << 20));
        policy.start();
        appender.setRollingPolicy(policy);
        made.start(appender, format);
        if (!appender.isStarted()) {
            made.close();
            throw new IOException("it cannot be written");
        }
        return made;
    }

    private void start(OutputStreamAppender<E> appender, Function<E, byte[]> format) {
        Lines<E> encoder = new Lines<>(format);
        encoder.setContext(context);
        encoder.start();
        appender.setContext(context);
        appender.setEncoder(encoder);
        appender.start();
        queue.addAppender((Appender<E>) appender);
        queue.start();
    }

    /// One call to the system for many lines while lines are waiting; nothing is kept back when none is.
    private final class FileAppender extends RollingFileAppender<E> {
        @Override
        protected void subAppend(E event) {
            setImmediateFlush(queue.getNumberOfElementsInQueue() == 0);
            super.subAppend(event);
        }
    }

    private static final class Lines<E> extends EncoderBase<E> {
        private final Function<E, byte[]> format;

        Lines(Function<E, byte[]> format) {
            this.format = format;
        }

        @Override
        public byte @Nullable [] headerBytes() {
            return null;
        }

        @Override
        public byte[] encode(E event) {
            return format.apply(event);
        }

        @Override
        public byte @Nullable [] footerBytes() {
            return null;
        }
    }

    private @Nullable E tell(E next, long dropped) {
        lost += dropped;
        if (System.nanoTime() - toldNanos >= BETWEEN_TOLD.toNanos()) {
            tell();
        }
        return null;
    }

    private void tell() {
        log.warn("{} lines of {} were dropped: it could not be written fast enough", lost, what);
        lost = 0;
        toldNanos = System.nanoTime();
    }

    /// Queues a line, or drops it where the queue is full. Never waits.
    public void write(E event) {
        queue.doAppend(event);
    }

    /// Writes what is queued, within half a second, and closes the file. Closing again does nothing.
    @Override
    public void close() {
        queue.stop();
        lost += queue.takeDropped();
        if (lost > 0) {
            tell();
        }
        context.stop();
    }
}
