package tunnel.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tunnel.fixture.LogLines;

@Timeout(60)
class LineLogTest {
    private static final int HELD = 16_384;

    @TempDir
    private Path folder;

    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch goesOn = new CountDownLatch(1);

    /// Stands for a disk that takes nothing until it is let go.
    private byte[] slowly(String line) {
        reached.countDown();
        try {
            goesOn.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return (line + "\n").getBytes(UTF_8);
    }

    @Test
    void whatADiskDoesNotTakeStopsNobodyAndIsToldInTheProgramsLog() throws Exception {
        Path file = folder.resolve("log");
        try (LogLines program = new LogLines(Level.INFO);
                LineLog<String> log = LineLog.toFile("the access log", file, this::slowly)) {
            log.write("stuck");
            reached.await();
            for (int i = 0; i < HELD + 1000; i++) {
                log.write("line");
            }
            goesOn.countDown();
            await().until(() -> Files.readAllLines(file).size() == HELD + 1);
            assertThat(program.all()).isEmpty();
            log.write("the next");
            await().until(() -> Files.readAllLines(file).size() == HELD + 2);

            assertThat(program.with("1000 lines of the access log were dropped")).hasSize(1);
            assertThat(Files.readAllLines(file)).endsWith("line", "the next");
        }
    }

    @Test
    void aLossThatWasNotToldYetIsToldAtTheEnd() throws Exception {
        try (LogLines program = new LogLines(Level.INFO)) {
            LineLog<String> log = LineLog.toFile("the access log", folder.resolve("log"), this::slowly);
            log.write("stuck");
            reached.await();
            for (int i = 0; i < HELD + 7; i++) {
                log.write("line");
            }
            goesOn.countDown();
            log.close();
            assertThat(program.with("7 lines of the access log were dropped")).hasSize(1);
        }
    }
}
