package tunnel.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tunnel.fixture.LeakCheck;

/// Bodies that come a little at a time arrive a little at a time.
@Timeout(60)
@ExtendWith(LeakCheck.class)
class HttpStreamingTest {
    private static final int PARTS = 8;
    private static final Duration LATE = Duration.ofMillis(200);

    /// Something that sends a part.
    private interface Sender {
        void send(int part) throws Exception;
    }

    /// Parts of which none is sent before the last one has come: one that is held back for the next never comes.
    private static final class Parts {
        private final BlockingQueue<Integer> came = new LinkedBlockingQueue<>();
        private final List<Duration> taken = new CopyOnWriteArrayList<>();
        private volatile Stopwatch sinceSent = new Stopwatch();

        void send(Sender sender) throws Exception {
            for (int i = 0; i < PARTS; i++) {
                sinceSent = new Stopwatch();
                sender.send(i);
                assertThat(came.poll(15, TimeUnit.SECONDS)).as("the part that has come").isEqualTo(i);
            }
        }

        void hasCome(int part) {
            taken.add(sinceSent.elapsed());
            came.add(part);
        }

        /// On a machine that is busy some are late, but not most: those that waited for a clock would all be.
        void assertInTime() {
            assertThat(taken).hasSize(PARTS);
            assertThat(taken.stream().sorted().toList().get(PARTS / 4)).as("of %s", taken).isLessThan(LATE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Transfer-Encoding: chunked", "Content-Length: 80", "X-Ends: with its connection"})
    void eachPartOfAResponseArrivesWhenItIsSent(String framing) throws Exception {
        Parts parts = new Parts();
        boolean chunked = framing.contains("chunked");
        try (Origin origin = Origin.serving(to -> {
                    to.head();
                    to.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n" + framing + "\r\n\r\n");
                    parts.send(i -> to.send(chunked ? "a\r\ndata: 00" + i + "\n\r\n" : "data: 00" + i + "\n"));
                    to.send(chunked ? "0\r\n\r\n" : "");
                });
                HttpScene scene = HttpScene.of(origin.port());
                Peer visitor = scene.visitor()) {
            visitor.send(scene.get("/events")).head();
            boolean inChunks = !framing.startsWith("Content-Length");
            for (int i = 0; i < PARTS; i++) {
                if (inChunks) {
                    assertThat(visitor.line()).isEqualTo("a");
                }
                assertThat(visitor.read(10)).asString().isEqualTo("data: 00" + i + "\n");
                parts.hasCome(i);
                if (inChunks) {
                    assertThat(visitor.line()).isEmpty();
                }
            }
            parts.assertInTime();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Transfer-Encoding: chunked", "Content-Length: 80"})
    void eachPartOfARequestArrivesWhenItIsSent(String framing) throws Exception {
        Parts parts = new Parts();
        boolean chunked = framing.contains("chunked");
        try (Origin origin = Origin.serving(to -> {
                    to.head();
                    for (int i = 0; i < PARTS; i++) {
                        var _ = to.read(chunked ? 15 : 10);
                        parts.hasCome(i);
                    }
                    to.send(HttpAnswer.ok("thanks"));
                });
                HttpScene scene = HttpScene.of(origin.port());
                Peer visitor = scene.visitor()) {
            visitor.send(scene.request("POST /", framing + "\r\n"));
            parts.send(i -> visitor.send(chunked ? "a\r\ndata: 00" + i + "\n\r\n" : "data: 00" + i + "\n"));
            visitor.send(chunked ? "0\r\n\r\n" : "");

            assertThat(HttpAnswer.read(visitor).text()).isEqualTo("thanks");
            parts.assertInTime();
        }
    }

    @Test
    void bothDirectionsFlowAtOnce() throws Exception {
        BlockingQueue<String> echoed = new LinkedBlockingQueue<>();
        try (Origin origin = Origin.serving(to -> {
                    to.head();
                    to.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                    for (int i = 0; i < PARTS; i++) {
                        to.send(to.read(15));
                    }
                    to.send(to.read(5));
                    echoed.add("all");
                });
                HttpScene scene = HttpScene.of(origin.port());
                Peer visitor = scene.visitor()) {
            visitor.send(scene.request("POST /", "Transfer-Encoding: chunked\r\n"));
            assertThat(visitor.head()).startsWith("HTTP/1.1 200");
            for (int i = 0; i < PARTS; i++) {
                String part = "a\r\ndata: 00" + i + "\n\r\n";
                assertThat(visitor.send(part).read(part.length())).asString().isEqualTo(part);
            }
            assertThat(visitor.send("0\r\n\r\n").read(5)).asString().isEqualTo("0\r\n\r\n");
            assertThat(echoed.poll(20, TimeUnit.SECONDS)).isEqualTo("all");
        }
    }
}
