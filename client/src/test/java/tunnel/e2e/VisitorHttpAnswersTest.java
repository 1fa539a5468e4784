package tunnel.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tunnel.fixture.ClosedPort;
import tunnel.fixture.LeakCheck;
import tunnel.fixture.LogLines;
import tunnel.protocol.TunnelProtocol;
import tunnel.server.TunnelServer;

/// What the HTTP edge says by itself.
@ExtendWith(LeakCheck.class)
class VisitorHttpAnswersTest {
    private World world;

    @BeforeEach
    void open() throws Exception {
        world = new World();
    }

    @AfterEach
    void close() throws Exception {
        world.close();
    }

    /// A port where nobody listens.
    private int closedPort() throws Exception {
        return world.closing(new ClosedPort()).number();
    }

    private static String blueOtter(TunnelServer server) {
        return "blue-otter.localhost:" + server.httpPort();
    }

    private static HttpAnswer answer(int port, String request) throws Exception {
        try (Peer visitor = Peer.visiting(port)) {
            HttpAnswer answer = HttpAnswer.read(visitor.send(request));
            assertThat(answer.head()).contains("\r\nconnection: close\r\n");
            assertThat(visitor.read()).as("the connection ends").isEqualTo(-1);
            return answer;
        }
    }

    @Test
    void unknownNameIsNotFoundInTextForPrograms() throws Exception {
        TunnelServer server = world.server();
        HttpAnswer answer = answer(
                server.httpPort(), HttpAnswer.get("secret-name.localhost:" + server.httpPort(), "/secret-path?secret-query"));

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.head()).contains("content-type: text/plain").contains("connection: close");
        assertThat(answer.text()).contains("No such tunnel").doesNotContain("secret").doesNotContain("<");
        assertThat(answer.head()).doesNotContain("secret");
    }

    @Test
    void unknownNameIsNotFoundInHtmlForBrowsers() throws Exception {
        TunnelServer server = world.server();
        HttpAnswer answer = answer(
                server.httpPort(),
                "GET /secret HTTP/1.1\r\nHost: secret.localhost\r\nAccept: text/html,*/*;q=0.8\r\nCookie: secret\r\n\r\n");

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.head()).contains("content-type: text/html");
        assertThat(answer.text()).startsWith("<!DOCTYPE html>").contains("No such tunnel").doesNotContain("secret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a.localhost\r\nHost: b.localhost\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
                "GET / HTTP/1.1\r\nHost : a.localhost\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a.localhost\r\n folded: x\r\n\r\n",
                "GET /\r\n\r\n",
                "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\r\n\r\n",
                "\u0000\u0000\u0000 \u0001 \u0002\r\n\r\n",
                "garbage\r\n\r\n"
            })
    void requestThatIsNoneIsABadOne(String request) throws Exception {
        TunnelServer server = world.server();
        HttpAnswer answer = answer(server.httpPort(), request);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text()).doesNotContain("garbage").doesNotContain("a.localhost");
    }

    @Test
    void headThatEndsWithTheConnectionIsABadOne() throws Exception {
        TunnelServer server = world.server();
        try (Peer visitor = Peer.visiting(server.httpPort())) {
            visitor.send("GET / HTTP/1.1\r\nHo").end();
            assertThat(HttpAnswer.read(visitor).status()).isEqualTo(400);
        }
    }

    @Test
    void headOverItsBoundIsTooLarge() throws Exception {
        TunnelServer server = world.server();
        String head = "GET / HTTP/1.1\r\nHost: a.localhost\r\nCookie: " + "x".repeat(33 << 10);
        assertThat(answer(server.httpPort(), head).status()).isEqualTo(431);
    }

    @Test
    void headAtItsBoundIsServedWhateverComesWithIt() throws Exception {
        TunnelServer server = world.server();
        Origin origin = world.closing(Origin.serving(visitor -> {
            String head = visitor.head();
            int cookie = HttpOrigin.field(head, "cookie").length();
            visitor.send(HttpAnswer.ok(cookie + "," + visitor.read(HttpAnswer.length(head)).length));
        }));
        world.http(server, origin.port(), "blue-otter");
        String start = "POST / HTTP/1.1\r\nHost: " + blueOtter(server) + "\r\nContent-Length: 100000\r\nCookie: ";
        String cookie = "x".repeat((32 << 10) - start.length() - 4);
        String head = start + cookie + "\r\n\r\n";
        try (Peer visitor = Peer.visiting(server.httpPort())) {
            visitor.send(head + "y".repeat(100_000));
            assertThat(HttpAnswer.read(visitor).text()).isEqualTo(cookie.length() + ",100000");
        }
    }

    @Test
    void headThatIsNotCompleteInTimeTimesOut() throws Exception {
        TunnelServer server = world.server(Bounds.head(Duration.ofMillis(200)), false, 0);

        assertThat(answer(server.httpPort(), "GET / HTTP/1.1\r\nHost: a").status()).isEqualTo(408);
    }

    @Test
    void headThatComesByteByByteHasNoMoreTimeThanAnyOther() throws Exception {
        TunnelServer server = world.server(Bounds.head(Duration.ofMillis(500)), false, 0);
        try (Peer visitor = Peer.visiting(server.httpPort())) {
            CompletableFuture<Void> refused = new CompletableFuture<>();
            Thread drip = Thread.ofVirtual().name("peer-drips").start(() -> {
                try {
                    visitor.send("GET / HTTP/1.1\r\nHost: a\r\nX: ");
                    while (!refused.isDone()) {
                        visitor.send("x");
                        LockSupport.parkNanos(Duration.ofMillis(50).toNanos()); // what the test is about
                    }
                } catch (IOException e) {
                    // it was closed, as it is to be
                }
            });
            assertThat(HttpAnswer.read(visitor).status()).isEqualTo(408);
            refused.complete(null);
            drip.join();
        }
    }

    @Test
    void connectionOnWhichNothingComesInTimeEndsWithoutAWord() throws Exception {
        TunnelServer server = world.server(Bounds.head(Duration.ofMillis(200)), false, 0);

        try (Peer visitor = Peer.visiting(server.httpPort())) {
            assertThat(visitor.read()).isEqualTo(-1); // a browser has opened it ahead of time, and would show a page
        }
    }

    @Test
    void localServiceThatRefusesIsABadGatewayUntilItIsUp() throws Exception {
        ClosedPort port = world.closing(new ClosedPort());
        TunnelServer server = world.server();
        world.http(server, port.number(), "blue-otter");
        for (int i = 0; i < 3; i++) {
            HttpAnswer answer = answer(server.httpPort(), HttpAnswer.get(blueOtter(server), "/"));
            assertThat(answer.status()).isEqualTo(502);
            assertThat(answer.text()).contains("If the app is yours: start it");
        }

        port.close();
        world.closing(Origin.at(port.number(), visitor -> {
            visitor.head();
            visitor.send(HttpAnswer.ok("up"));
        }));
        assertThat(Visit.byName(server.httpPort(), "blue-otter", "/")).isEqualTo(new Visit(200, "up"));
    }

    @Test
    void refusedRequestThatIsHalfClosedIsAnsweredToo() throws Exception {
        TunnelServer server = world.server();
        world.http(server, closedPort(), "blue-otter");
        Crowd.of(50, i -> {
            try (Peer visitor = Peer.visiting(server.httpPort())) {
                visitor.send(HttpAnswer.get(blueOtter(server), "/")).end();
                HttpAnswer answer = HttpAnswer.read(visitor);
                assertThat(answer.status()).isEqualTo(502);
                assertThat(answer.head()).contains("\r\nconnection: close\r\n");
                assertThat(visitor.read()).isEqualTo(-1);
            }
        });
    }

    @Test
    void refusedHeadRequestGetsNoBody() throws Exception {
        TunnelServer server = world.server();
        world.http(server, closedPort(), "blue-otter");
        try (Peer visitor = Peer.visiting(server.httpPort())) {
            visitor.send("HEAD / HTTP/1.1\r\nHost: " + blueOtter(server) + "\r\n\r\n");
            HttpAnswer answer = HttpAnswer.read(visitor, false);
            assertThat(answer.status()).isEqualTo(502);
            assertThat(HttpAnswer.length(answer.head())).isPositive();
            assertThat(visitor.read()).isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {20_000, 60_000, 1_000_000, 4_000_000})
    void refusedPostWithALargeBodyStillGetsToSeeThePage(int length) throws Exception {
        TunnelServer server = world.server();
        world.http(server, closedPort(), "blue-otter");
        byte[] body = new byte[length];
        for (int i = 0; i < 8; i++) {
            try (Peer visitor = Peer.visiting(server.httpPort())) {
                visitor.send(HttpAnswer.post(blueOtter(server), "/", length));
                CompletableFuture<Void> sent = visitor.sending(body); 
                assertThat(HttpAnswer.read(visitor).status()).isEqualTo(502);
                var _ = sent.handle((_, _) -> "over").join();
            }
        }
    }

    @Test
    void clientWithoutADataChannelInTimeIsAGatewayTimeout() throws Exception {
        TunnelServer server = world.server(Bounds.accept(Duration.ofMillis(500)), false, 0);
        CountingLink controlChannelOnly = world.closing(new CountingLink(server, 1));
        try (LogLines log = new LogLines(Level.INFO)) {
            world.client(controlChannelOnly.joinString(), closedPort(), TunnelProtocol.HTTP, "blue-otter");
            await().atMost(World.PATIENCE).until(() -> !log.with("blue-otter is ready").isEmpty());
        }

        HttpAnswer answer = answer(server.httpPort(), HttpAnswer.get(blueOtter(server), "/"));
        assertThat(answer.status()).isEqualTo(504);
        assertThat(answer.text()).contains("did not answer");
    }

    @Test
    void headThatArrivesByteByByteIsServed() throws Exception {
        TunnelServer server = world.server();
        Origin origin = world.closing(Origin.serving(visitor -> visitor.send(HttpAnswer.ok(visitor.head()))));
        world.http(server, origin.port(), "blue-otter");
        try (Peer visitor = Peer.visiting(server.httpPort())) {
            String request = HttpAnswer.get(blueOtter(server), "/slow");
            for (int i = 0; i < request.length(); i++) {
                visitor.send(request.substring(i, i + 1));
            }
            assertThat(HttpAnswer.read(visitor).text()).startsWith("GET /slow HTTP/1.1\r\n");
        }
    }

    @Test
    void requestsThatAreSentInOneGoAreAnsweredInTurn() throws Exception {
        TunnelServer server = world.server();
        Origin origin = world.closing(Origin.serving(visitor -> {
            while (true) {
                visitor.send(HttpAnswer.ok(visitor.head().lines().findFirst().orElse("")));
            }
        }));
        world.http(server, origin.port(), "blue-otter");
        try (Peer visitor = Peer.visiting(server.httpPort())) {
            visitor.send(HttpAnswer.get(blueOtter(server), "/1") + HttpAnswer.get(blueOtter(server), "/2"));
            assertThat(HttpAnswer.read(visitor).text()).isEqualTo("GET /1 HTTP/1.1");
            assertThat(HttpAnswer.read(visitor).text()).isEqualTo("GET /2 HTTP/1.1");
            visitor.send(HttpAnswer.get(blueOtter(server), "/3"));
            assertThat(HttpAnswer.read(visitor).text()).isEqualTo("GET /3 HTTP/1.1");
        }
    }
}
