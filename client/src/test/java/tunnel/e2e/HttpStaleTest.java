package tunnel.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tunnel.fixture.LeakCheck;

/// A connection that the local service closes while it is kept for the next request.
@Timeout(60)
@ExtendWith(LeakCheck.class)
class HttpStaleTest {
    /// Answers the first request of a connection, and closes it when another one comes.
    private static Origin closingAtTheSecond(AtomicInteger requests, boolean reset) throws Exception {
        return Origin.serving(to -> {
            serveOne(to);
            requests.incrementAndGet();
            to.head();
            requests.incrementAndGet();
            if (reset) {
                to.reset();
            }
        });
    }

    private static void serveOne(Peer to) throws Exception {
        String head = to.head();
        to.read(HttpAnswer.length(head));
        to.send(HttpAnswer.ok("served"));
    }

    @ParameterizedTest
    @CsvSource({"GET, true", "GET, false", "HEAD, true", "OPTIONS, false"})
    void requestThatMayBeRepeatedIsServedByANewConnection(String method, boolean reset) throws Exception {
        AtomicInteger requests = new AtomicInteger();
        try (Origin origin = closingAtTheSecond(requests, reset);
                HttpScene scene = HttpScene.of(origin.port());
                Peer visitor = scene.visitor()) {
            for (int i = 0; i < 10; i++) {
                visitor.send(scene.request(method + " /", ""));
                assertThat(HttpAnswer.read(visitor, !method.equals("HEAD")).status()).isEqualTo(200);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void requestThatMustNotBeRepeatedIsActedOnAtMostOnce(boolean reset) throws Exception {
        AtomicInteger requests = new AtomicInteger();
        try (Origin origin = closingAtTheSecond(requests, reset);
                HttpScene scene = HttpScene.of(origin.port());
                Peer visitor = scene.visitor()) {
            assertThat(HttpAnswer.read(visitor.send(scene.post("/", "one"))).text()).isEqualTo("served");
            HttpAnswer answer = HttpAnswer.read(visitor.send(scene.post("/", "two")));

            assertThat(answer.status()).isEqualTo(502);
            assertThat(requests).hasValue(2);
        }
    }

    @Test
    void requestIsRepeatedOnceOnly() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        try (Origin origin = Origin.serving(to -> {
                    to.head();
                    if (requests.incrementAndGet() == 1) {
                        to.send(HttpAnswer.ok("served"));
                        to.head();
                        requests.incrementAndGet();
                    }
                });
                HttpScene scene = HttpScene.of(origin.port());
                Peer visitor = scene.visitor()) {
            assertThat(HttpAnswer.read(visitor.send(scene.get("/"))).text()).isEqualTo("served");
            assertThat(HttpAnswer.read(visitor.send(scene.get("/"))).status()).isEqualTo(502);
            assertThat(requests).as("the first, the stale one's, the repeated").hasValue(3);
        }
    }

    @Test
    void requestWhoseNewConnectionIsClosedIsNotRepeated() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        try (Origin origin = Origin.serving(to -> {
                    to.head();
                    requests.incrementAndGet();
                });
                HttpScene scene = HttpScene.of(origin.port())) {
            assertThat(scene.ask(scene.get("/")).status()).isEqualTo(502);
            assertThat(requests).hasValue(1);
        }
    }

    @Test
    void responseThatHadBegunIsNotAskedForAgain() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        try (Origin origin = Origin.serving(to -> {
                    serveOne(to);
                    requests.incrementAndGet();
                    to.head();
                    requests.incrementAndGet();
                    to.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart");
                });
                HttpScene scene = HttpScene.of(origin.port());
                Peer visitor = scene.visitor()) {
            assertThat(HttpAnswer.read(visitor.send(scene.get("/"))).text()).isEqualTo("served");
            visitor.send(scene.get("/"));
            assertThat(visitor.seesReset()).isTrue();
            assertThat(requests).hasValue(2);
        }
    }

    @Test
    void connectionThatWasClosedWhileParkedIsNotUsed() throws Exception {
        AtomicInteger connections = new AtomicInteger();
        try (Origin origin = Origin.serving(to -> {
                    connections.incrementAndGet();
                    serveOne(to);
                });
                HttpScene scene = HttpScene.of(origin.port());
                Peer visitor = scene.visitor()) {
            for (int i = 1; i <= 20; i++) {
                assertThat(HttpAnswer.read(visitor.send(scene.get("/"))).text()).isEqualTo("served");
                assertThat(connections).as("each is closed behind its response").hasValue(i);
            }
        }
    }

    @Test
    void manyVisitorsLoseNothingThoughEveryConnectionTurnsOutStale() throws Exception {
        try (Origin origin = Origin.serving(to -> {
                    for (int i = 0; i < 3; i++) {
                        serveOne(to);
                    }
                });
                HttpScene scene = HttpScene.of(origin.port())) {
            Crowd.of(8, _ -> {
                try (Peer visitor = scene.visitor()) {
                    for (int i = 0; i < 30; i++) {
                        assertThat(HttpAnswer.read(visitor.send(scene.get("/"))).text()).isEqualTo("served");
                    }
                }
            });
        }
    }
}
