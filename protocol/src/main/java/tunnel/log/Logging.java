package tunnel.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import org.slf4j.LoggerFactory;

/// Sets up logback in code, which starts faster than its XML: one line an event to standard error, behind a bounded queue,
/// so that a terminal that was stopped stops nothing else.
public final class Logging {
    private static final String PATTERN = "%d{yyyy-MM-dd HH:mm:ss.SSS} %-5level %thread %msg%n%ex";

    private Logging() {}

    /// How much is logged.
    public enum Detail {
        /// Only what does not work.
        QUIET,
        USUAL,
        VERBOSE
    }

    /// Replaces whatever was set up before. Called once, by a program's command.
    public static void start(boolean verbose) {
        start(verbose ? Detail.VERBOSE : Detail.USUAL);
    }

    /// The same.
    public static void start(Detail detail) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();

        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(PATTERN);
        encoder.start();

        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setContext(context);
        console.setTarget("System.err");
        console.setEncoder(encoder);
        console.start();

        ProgramQueue queue = new ProgramQueue();
        queue.setContext(context);
        queue.addAppender(console);
        queue.start();

        ch.qos.logback.classic.Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(detail == Detail.QUIET ? Level.WARN : Level.INFO);
        root.addAppender(queue);
        if (detail == Detail.VERBOSE) {
            context.getLogger("tunnel").setLevel(Level.DEBUG);
        }
    }

    /// Nothing is logged from here on: for a command that says itself what there is to say.
    public static void off() {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).setLevel(Level.OFF);
    }

    /// Writes out what is queued, for at most a second. To be called last.
    public static void stop() {
        ((LoggerContext) LoggerFactory.getILoggerFactory()).stop();
    }
}
