package tunnel.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
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
    private static final long INTERVAL_MILLIS = 200;
    private static final long LATE_MILLIS = 100;

    /// When each part was sent and came, of `System.nanoTime`. On a machine that is busy some are late, but not half of them: one
    /// that waited for the next would be late by the interval.
    private record Times(List<Long> sent, List<Long> came) {
        Times() {
            this(new ArrayList<>(), new ArrayList<>());
        }

        void assertInTime() {
            assertThat(came).hasSize(PARTS);
            List<Long> taken = new ArrayList<>();
            for (int i = 0; i < PARTS; i++) {
                taken.add(TimeUnit.NANOSECONDS.toMillis(came.get(i) - sent.get(i)));
            }
            Collections.sort(taken);
            assertThat(taken.get(PARTS / 2)).as("ms, of %s", taken).isLessThan(LATE_MILLIS);
        }
    }

    /// Something that sends a part.
    private interface Sender {
        void send(int part) throws Exception;
    }

    /// Sends at a pace, as the test is about one.
    private static void sendSlowly(Times times, Sender sender) throws Exception {
        for (int i = 0; i < PARTS; i++) {
            times.sent().add(System.nanoTime());
            sender.send(i);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(INTERVAL_MILLIS));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Transfer-Encoding: chunked", "Content-Length: 80", "X-Ends: with its connection"})
    void eachPartOfAResponseArrivesWhenItIsSent(String framing) throws Exception {
        Times times = new Times();
        boolean chunked = framing.contains("chunked");
        try (Origin origin = Origin.serving(to -> {
                    to.head();
                    to.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n" + framing + "\r\n\r\n");
                    sendSlowly(times, i -> to.send(chunked ? "a\r\ndata: 00" + i + "\n\r\n" : "data: 00" + i + "\n"));
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
                times.came().add(System.nanoTime());
                if (inChunks) {
                    assertThat(visitor.line()).isEmpty();
                }
            }
            times.assertInTime();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Transfer-Encoding: chunked", "Content-Length: 80"})
    void eachPartOfARequestArrivesWhenItIsSent(String framing) throws Exception {
        Times times = new Times();
        boolean chunked = framing.contains("chunked");
        CompletableFuture<List<Long>> came = new CompletableFuture<>();
        try (Origin origin = Origin.serving(to -> {
                    to.head();
                    List<Long> all = new ArrayList<>();
                    for (int i = 0; i < PARTS; i++) {
                        var _ = to.read(chunked ? 15 : 10);
                        all.add(System.nanoTime());
                    }
                    to.send(HttpAnswer.ok("thanks"));
                    came.complete(all);
                });
                HttpScene scene = HttpScene.of(origin.port());
                Peer visitor = scene.visitor()) {
            visitor.send(scene.request("POST /", framing + "\r\n"));
            sendSlowly(times, i -> visitor.send(chunked ? "a\r\ndata: 00" + i + "\n\r\n" : "data: 00" + i + "\n"));
            visitor.send(chunked ? "0\r\n\r\n" : "");

            times.came().addAll(came.get(20, TimeUnit.SECONDS));
            times.assertInTime();
            assertThat(HttpAnswer.read(visitor).text()).isEqualTo("thanks");
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
