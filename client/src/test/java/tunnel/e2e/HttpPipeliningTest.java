package tunnel.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import tunnel.fixture.LeakCheck;

/// Requests that are sent before the last one was answered.
@Timeout(60)
@ExtendWith(LeakCheck.class)
class HttpPipeliningTest {
    @Test
    void requestsAreAnsweredInTheirOrderHoweverLongEachTakes() throws Exception {
        CountDownLatch slow = new CountDownLatch(1);
        try (HttpOrigin origin = HttpOrigin.answering((request, to) -> {
                    if (request.target().equals("/slow")) {
                        slow.await();
                    }
                    to.send(HttpAnswer.ok(request.method() + " " + request.target() + " " + request.body()));
                });
                HttpScene scene = HttpScene.of(origin.port());
                Peer visitor = scene.visitor()) {
            visitor.send(scene.get("/slow")
                    + scene.post("/fast", "body")
                    + scene.request("PUT /chunks", "Transfer-Encoding: chunked\r\n") + "3\r\nabc\r\n0\r\n\r\n"
                    + scene.get("/last"));
            assertThat(origin.next().target()).isEqualTo("/slow");
            slow.countDown();

            assertThat(HttpAnswer.read(visitor).text()).isEqualTo("GET /slow ");
            assertThat(HttpAnswer.read(visitor).text()).isEqualTo("POST /fast body");
            assertThat(HttpAnswer.read(visitor).text()).isEqualTo("PUT /chunks abc");
            assertThat(HttpAnswer.read(visitor).text()).isEqualTo("GET /last ");
        }
    }

    @Test
    void hundredsInOneGoAreAnswered() throws Exception {
        try (HttpOrigin origin = HttpOrigin.answering((request, to) -> to.send(HttpAnswer.ok(request.target() + request.body())));
                HttpScene scene = HttpScene.of(origin.port());
                Peer visitor = scene.visitor()) {
            StringBuilder all = new StringBuilder();
            IntStream.range(0, 300).forEach(i -> all.append(i % 3 == 0 ? scene.post("/" + i, "b".repeat(i)) : scene.get("/" + i)));
            var sent = visitor.sending(all.toString().getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
            for (int i = 0; i < 300; i++) {
                assertThat(HttpAnswer.read(visitor).text()).isEqualTo("/" + i + (i % 3 == 0 ? "b".repeat(i) : ""));
            }
            sent.join();
        }
    }

    @Test
    void brokenRequestBehindAGoodOneIsRefusedInItsTurn() throws Exception {
        CountDownLatch slow = new CountDownLatch(1);
        try (HttpOrigin origin = HttpOrigin.answering((_, to) -> {
                    slow.await();
                    to.send(HttpAnswer.ok("good"));
                });
                HttpScene scene = HttpScene.of(origin.port());
                Peer visitor = scene.visitor()) {
            visitor.send(scene.get("/") + "BROKEN\r\n\r\n" + scene.get("/never"));
            origin.next();
            slow.countDown();

            assertThat(HttpAnswer.read(visitor).text()).isEqualTo("good");
            assertThat(HttpAnswer.read(visitor).status()).isEqualTo(400);
            assertThat(visitor.read()).isEqualTo(-1);
            assertThat(origin.unread()).isZero();
        }
    }

    @Test
    void nothingIsServedBehindARequestThatSaysClose() throws Exception {
        try (HttpOrigin origin = HttpOrigin.naming();
                HttpScene scene = HttpScene.of(origin.port());
                Peer visitor = scene.visitor()) {
            visitor.send(scene.request("GET /last", "Connection: Close\r\n") + scene.get("/never"));

            HttpAnswer answer = HttpAnswer.read(visitor);
            assertThat(answer.text()).isEqualTo("1 /last");
            assertThat(answer.head()).contains("connection: close");
            assertThat(visitor.read()).isEqualTo(-1);
            origin.next();
            assertThat(origin.unread()).isZero();
        }
    }

    @Test
    void eachRequestFindsItsOwnTunnel() throws Exception {
        try (HttpOrigin one = HttpOrigin.answering((_, to) -> to.send(HttpAnswer.ok("one")));
                HttpOrigin other = HttpOrigin.answering((_, to) -> to.send(HttpAnswer.ok("other")));
                HttpScene scene = HttpScene.of(one.port())) {
            scene.world().http(scene.server(), other.port(), "red-fox");
            String red = "red-fox.localhost:" + scene.server().httpPort();
            try (Peer visitor = scene.visitor()) {
                visitor.send(scene.get("/") + HttpAnswer.get(red, "/") + scene.get("/") + HttpAnswer.get(red, "/"));
                for (String expected : new String[] {"one", "other", "one", "other"}) {
                    assertThat(HttpAnswer.read(visitor).text()).isEqualTo(expected);
                }
            }
        }
    }
}
