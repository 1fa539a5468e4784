package tunnel.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.AppenderBase;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CountingQueueTest {
    private static final int HELD = 4096;

    private final LoggerContext context = new LoggerContext();
    private final ProgramQueue queue = new ProgramQueue();
    private final StoppedTerminal terminal = new StoppedTerminal();

    /// Takes nothing until it is let go.
    private static final class StoppedTerminal extends AppenderBase<ILoggingEvent> {
        private final CountDownLatch goesOn = new CountDownLatch(1);
        private final CountDownLatch reached = new CountDownLatch(1);
        private final List<String> lines = new CopyOnWriteArrayList<>();

        @Override
        protected void append(ILoggingEvent event) {
            reached.countDown();
            try {
                goesOn.await();
            } catch (InterruptedException e) {
                return;
            }
            lines.add(event.getLevel() + " " + event.getFormattedMessage());
        }
    }

    @BeforeEach
    void start() {
        context.setMDCAdapter(new LogbackMDCAdapter());
        queue.setContext(context);
        terminal.setContext(context);
        terminal.start();
        queue.addAppender(terminal);
        queue.start();
    }

    @AfterEach
    void stop() {
        terminal.goesOn.countDown();
        queue.stop();
        context.stop();
    }

    private void log(String message) {
        queue.doAppend(new LoggingEvent("test", context.getLogger("tunnel.test"), Level.INFO, message, null, null));
    }

    /// One line is stuck in the terminal, all others have to wait in the queue.
    private void fill() throws InterruptedException {
        log("stuck");
        terminal.reached.await();
        for (int i = 0; i < HELD; i++) {
            log("line " + i);
        }
    }

    @Test
    void aStoppedTerminalStopsNobodyAndTheLossIsTold() throws Exception {
        fill();
        for (int i = 0; i < 1000; i++) {
            log("too much");
        }
        terminal.goesOn.countDown();
        await().until(() -> terminal.lines.size() == HELD + 1);
        log("the next");

        await().until(() -> terminal.lines.size() == HELD + 3);
        assertThat(terminal.lines).doesNotContain("INFO too much");
        assertThat(terminal.lines.subList(HELD + 1, HELD + 3))
                .containsExactly(
                        "WARN 1000 log lines were dropped: standard error was not read fast enough", "INFO the next");
    }

    @Test
    void everyLineIsEitherWrittenOrCounted() throws Exception {
        int threads = 8;
        int each = 5000;
        List<Thread> logging = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            logging.add(Thread.ofVirtual().start(() -> {
                for (int n = 0; n < each; n++) {
                    log("line");
                    if (n == each / 2) {
                        terminal.goesOn.countDown();
                    }
                }
            }));
        }
        for (Thread thread : logging) {
            thread.join();
        }
        await().until(() -> queue.getNumberOfElementsInQueue() == 0);
        log("last"); // there is room for it, and for what it has to tell
        await().until(() -> terminal.lines.contains("INFO last"));
        long dropped = terminal.lines.stream()
                .filter(line -> line.startsWith("WARN "))
                .mapToLong(line -> Long.parseLong(line.replaceAll("WARN ([0-9]+) log lines.*", "$1")))
                .sum();
        long written = terminal.lines.stream().filter("INFO line"::equals).count();
        assertThat(written + dropped).isEqualTo((long) threads * each);
    }
}
