package tunnel.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import tunnel.fixture.LeakCheck;

@ExtendWith(LeakCheck.class)
class RelayBulkTest {
    private static final String HEAP = "64m";

    /// In a JVM of its own, so that server, client, visitor and local service share a heap that holds a sixteenth of a GiB.
    @Test
    @Timeout(120)
    void aGibibyteEachWayArrivesWholeInASmallHeap() throws Exception {
        Process transfer = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx" + HEAP,
                        "-XX:MaxDirectMemorySize=" + HEAP,
                        "-cp",
                        System.getProperty("java.class.path"),
                        BulkTransfer.class.getName())
                .redirectErrorStream(true)
                .start();
        try {
            String said = new String(transfer.getInputStream().readAllBytes(), UTF_8);
            assertThat(transfer.waitFor(100, TimeUnit.SECONDS)).isTrue();
            assertThat(said).contains(BulkTransfer.RIGHT);
            assertThat(transfer.exitValue()).isZero();
        } finally {
            transfer.destroyForcibly();
        }
    }
}
