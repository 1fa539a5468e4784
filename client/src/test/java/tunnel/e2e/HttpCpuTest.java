package tunnel.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import tunnel.fixture.LeakCheck;

/// What the worst of chunks cost: of 10 MB at most a second of CPU, the test's own and the client's included. CPU is counted and
/// not time, and the best of several rounds, so that other work on the machine does not matter.
@Timeout(240)
@ExtendWith(LeakCheck.class)
class HttpCpuTest {
    private static final int WIRE_BYTES = 10_000_000;
    private static final int EXTENSION_BYTES = 16_000; // of the 16 KiB that a message may have
    private static final Duration MOST = Duration.ofSeconds(1);
    private static final int ROUNDS = 6; // the first ones compile
    private static final String CHUNKED = "Transfer-Encoding: chunked\r\n";

    private final byte[] body = oneByteChunks();

    private interface Round {
        void run() throws Exception;
    }

    private static byte[] oneByteChunks() {
        ByteArrayOutputStream chunks = new ByteArrayOutputStream(WIRE_BYTES + 100);
        byte[] extended = "1;a=b\r\nx\r\n".getBytes(ISO_8859_1);
        byte[] plain = "1\r\nx\r\n".getBytes(ISO_8859_1);
        for (int extensions = 0; extensions < EXTENSION_BYTES; extensions += 4) {
            chunks.writeBytes(extended);
        }
        while (chunks.size() < WIRE_BYTES) {
            chunks.writeBytes(plain);
        }
        chunks.writeBytes("0\r\n\r\n".getBytes(ISO_8859_1));
        return chunks.toByteArray();
    }

    /// Reads a chunked body without a look at it.
    private static void skipBody(Peer from) throws IOException {
        byte[] scratch = new byte[64 << 10];
        String end = "";
        while (!end.endsWith("\r\n0\r\n\r\n")) {
            int read = from.read(scratch);
            if (read < 0) {
                throw new IOException("ended before its end");
            }
            end = (end + new String(scratch, Math.max(0, read - 7), Math.min(7, read), ISO_8859_1));
            end = end.substring(Math.max(0, end.length() - 7));
        }
    }

    private static void assertCheap(Round round) throws Exception {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < ROUNDS && least > MOST.toNanos(); i++) {
            long before = system.getProcessCpuTime();
            round.run();
            least = Math.min(least, system.getProcessCpuTime() - before);
        }
        assertThat(Duration.ofNanos(least)).isLessThan(MOST);
    }

    @Test
    void requestInOneByteChunks() throws Exception {
        try (Origin origin = Origin.serving(to -> {
                    while (true) {
                        to.head();
                        skipBody(to);
                        to.send(HttpAnswer.ok("all"));
                    }
                });
                HttpScene scene = HttpScene.of(origin.port());
                Peer visitor = scene.visitor()) {
            assertCheap(() -> {
                CompletableFuture<Void> sent = visitor.send(scene.request("POST /", CHUNKED)).sending(body);
                assertThat(HttpAnswer.read(visitor).text()).isEqualTo("all");
                sent.join();
            });
        }
    }

    @Test
    void responseInOneByteChunks() throws Exception {
        try (Origin origin = Origin.serving(to -> {
                    while (true) {
                        to.head();
                        to.send("HTTP/1.1 200 OK\r\n" + CHUNKED + "\r\n").send(body);
                    }
                });
                HttpScene scene = HttpScene.of(origin.port());
                Peer visitor = scene.visitor()) {
            assertCheap(() -> {
                assertThat(visitor.send(scene.get("/")).head()).startsWith("HTTP/1.1 200 ");
                skipBody(visitor);
            });
        }
    }

    @Test
    void moreExtensionsThanAllowedAreRefusedAtOnce() throws Exception {
        String chunk = "1;" + "x".repeat(64 << 10) + "\r\nx\r\n0\r\n\r\n";
        try (Origin origin = Origin.serving(Peer::readAll);
                HttpScene scene = HttpScene.of(origin.port())) {
            assertCheap(() -> {
                try (Peer visitor = scene.visitor()) {
                    var _ = visitor.send(scene.request("POST /", CHUNKED)).sending(chunk.getBytes(ISO_8859_1));
                    assertThat(HttpAnswer.read(visitor).status()).isEqualTo(400);
                }
            });
        }
    }
}
