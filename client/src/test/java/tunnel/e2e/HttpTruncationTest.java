package tunnel.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tunnel.fixture.LeakCheck;

/// Messages that end before their end: nobody takes a part for the whole.
@Timeout(60)
@ExtendWith(LeakCheck.class)
class HttpTruncationTest {
    @ParameterizedTest
    @CsvSource({
        "'Content-Length: 100', part, false",
        "'Content-Length: 100', part, true",
        "'Transfer-Encoding: chunked', '4\r\npart\r\n', false",
        "'Transfer-Encoding: chunked', '4\r\npart\r\n', true",
        "'Transfer-Encoding: chunked', '4\r\npart\r\n0\r\n', false",
        "'Transfer-Encoding: chunked', '4\r\npart\r\n0\r\nX-T: y\r\n', false",
        "'Transfer-Encoding: chunked', '4\r\npart\r\n5\r\nx', false",
        "'X-Ends: with its connection', part, true"
    })
    void responseThatIsCutOffBreaksTheVisitorsConnection(String field, String body, boolean reset) throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        try (Origin origin = Origin.serving(to -> {
                    to.head();
                    to.send("HTTP/1.1 200 OK\r\n" + field + "\r\n\r\n" + body);
                    seen.await();
                    if (reset) {
                        to.reset();
                    } else {
                        to.end();
                        to.readAll();
                    }
                });
                HttpScene scene = HttpScene.of(origin.port());
                Peer visitor = scene.visitor()) {
            assertThat(visitor.send(scene.get("/")).head()).startsWith("HTTP/1.1 200");
            boolean chunked = !field.startsWith("Content-Length");
            assertThat(visitor.read(chunked ? 9 : 4)).asString().contains("part");
            seen.countDown();

            assertThat(visitor.seesReset()).isTrue();
            assertThat(scene.ask(HttpAnswer.get("nobody.localhost", "/")).status()).as("the edge goes on").isEqualTo(404);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"4\r\npartBROKEN", "4\r\npart\r\nZ\r\n", "-4\r\npart", "4\r\npart\r\n0\r\nBroken Field: x\r\n\r\n"})
    void responseWhoseChunksAreBrokenBreaksTheVisitorsConnection(String body) throws Exception {
        try (Origin origin = Origin.serving(to -> {
                    to.head();
                    to.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n").send(body);
                    assertThat(to.seesReset()).isTrue();
                });
                HttpScene scene = HttpScene.of(origin.port());
                Peer visitor = scene.visitor()) {
            assertThat(visitor.send(scene.get("/")).seesReset()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 200 OK\r\nContent-Le", "HTTP/1.1 103 Early Hints\r\n\r\n", "garbage\r\n\r\n"})
    void responseThatDoesNotBeginIsABadGateway(String part) throws Exception {
        try (Origin origin = Origin.serving(to -> {
                    to.head();
                    to.send(part).end();
                    to.readAll();
                });
                HttpScene scene = HttpScene.of(origin.port());
                Peer visitor = scene.visitor()) {
            visitor.send(scene.get("/"));
            HttpAnswer answer = HttpAnswer.read(visitor, false);
            answer = answer.status() == 103 ? HttpAnswer.read(visitor) : answer;
            assertThat(answer.status()).isEqualTo(502);
        }
    }

    @Test
    void visitorsBehindOneWhoseResponseWasCutOffAreServed() throws Exception {
        try (Origin origin = Origin.serving(to -> {
                    boolean cut = to.head().contains("/cut");
                    to.send(cut ? "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart" : "HTTP/1.1 200 OK\r\n\r\nwhole");
                });
                HttpScene scene = HttpScene.of(origin.port())) {
            for (int i = 0; i < 20; i++) {
                try (Peer visitor = scene.visitor()) {
                    assertThat(visitor.send(scene.get("/cut")).seesReset()).isTrue();
                }
                assertThat(scene.ask(scene.get("/whole")).text()).isEqualTo("whole");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'Content-Length: 100', part, 400",
        "'Transfer-Encoding: chunked', '4\r\npart\r\n', 400",
        "'Transfer-Encoding: chunked', '4\r\npart\r\n0\r\n', 400",
        "'Transfer-Encoding: chunked', '4\r\npart\r\nZ\r\n', 400",
        "'Transfer-Encoding: chunked', '4\r\npartBROKEN', 400",
        "'Transfer-Encoding: chunked', '4\r\npart\r\n0\r\nBroken Field: x\r\n\r\n', 400"
    })
    void requestThatIsCutOffOrBrokenNeverArrivesWhole(String field, String body, int status) throws Exception {
        try (HttpOrigin origin = HttpOrigin.naming();
                HttpScene scene = HttpScene.of(origin.port());
                Peer visitor = scene.visitor()) {
            visitor.send(scene.request("POST /", field + "\r\n") + body).end();

            assertThat(HttpAnswer.read(visitor).status()).isEqualTo(status);
            assertThat(visitor.read()).isEqualTo(-1);
            origin.awaitOpen(0);
            assertThat(origin.unread()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 100", "Transfer-Encoding: chunked"})
    void visitorThatLeavesInsideItsRequestBreaksIt(String field) throws Exception {
        try (HttpOrigin origin = HttpOrigin.naming();
                HttpScene scene = HttpScene.of(origin.port());
                Peer visitor = scene.visitor()) {
            visitor.send(scene.request("POST /", field + "\r\n") + "4\r\npart\r\n");
            origin.awaitOpen(1);
            visitor.reset();

            assertThat(origin.nextEnd()).isEqualTo(HttpOrigin.End.BROKEN);
            assertThat(origin.unread()).isZero();
        }
    }

    @Test
    void visitorThatLeavesBeforeItsResponseBreaksTheConnection() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch broken = new CountDownLatch(1);
        try (Origin origin = Origin.serving(to -> {
                    to.head();
                    asked.countDown();
                    if (to.seesReset()) {
                        broken.countDown();
                    }
                });
                HttpScene scene = HttpScene.of(origin.port());
                Peer visitor = scene.visitor()) {
            visitor.send(scene.get("/"));
            asked.await();
            visitor.reset();
            assertThat(broken.await(20, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void visitorThatLeavesInsideItsResponseBreaksTheConnection(boolean reset) throws Exception {
        CountDownLatch broken = new CountDownLatch(1);
        try (Origin origin = Origin.serving(to -> {
                    to.head();
                    to.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                    try {
                        while (true) {
                            to.send("1000\r\n" + "x".repeat(0x1000) + "\r\n");
                        }
                    } finally {
                        broken.countDown();
                    }
                });
                HttpScene scene = HttpScene.of(origin.port());
                Peer visitor = scene.visitor()) {
            visitor.send(scene.get("/")).head();
            if (reset) {
                visitor.reset();
            } else {
                visitor.leave();
            }
            assertThat(broken.await(20, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void earlyResponseReachesAVisitorThatEndsItsHalf() throws Exception {
        String much = "m".repeat(2_000_000);
        try (Origin origin = Origin.serving(to -> {
                    to.head();
                    to.send("HTTP/1.1 413 Content Too Large\r\nContent-Length: " + much.length() + "\r\n\r\n" + much);
                    var _ = to.seesReset();
                });
                HttpScene scene = HttpScene.of(origin.port());
                Peer visitor = scene.visitor()) {
            visitor.send(scene.request("POST /", "Content-Length: 100\r\n") + "part");
            String head = visitor.head();
            assertThat(head).startsWith("HTTP/1.1 413").contains("Connection: close");
            assertThat(visitor.read(1_000)).hasSize(1_000);
            assertThat(visitor.read(much.length() - 1_000)).hasSize(much.length() - 1_000);
            visitor.end();
            assertThat(visitor.seesReset()).isFalse();
        }
    }

    @Test
    void visitorThatTakesNothingDisturbsNobody() throws Exception {
        byte[] much = new byte[32 << 20];
        try (HttpOrigin origin = HttpOrigin.answering(
                        (request, to) -> to.send(HttpAnswer.ok(request.target().equals("/much") ? much : new byte[10])));
                HttpScene scene = HttpScene.of(origin.port());
                Peer slow = scene.visitor()) {
            slow.send(scene.get("/much"));
            assertThat(slow.head()).startsWith("HTTP/1.1 200");
            for (int i = 0; i < 50; i++) {
                assertThat(scene.ask(scene.get("/")).body()).hasSize(10);
            }
            assertThat(slow.read(much.length)).isEqualTo(much);
        }
    }
}
