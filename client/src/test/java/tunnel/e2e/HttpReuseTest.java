package tunnel.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tunnel.fixture.LeakCheck;
import tunnel.server.registry.Limits;

/// Which requests go over which connection to the local service, and whose connections are nobody else's.
@Timeout(60)
@ExtendWith(LeakCheck.class)
class HttpReuseTest {
    @Test
    void requestsOfOneVisitorGoOverOneConnection() throws Exception {
        try (HttpOrigin origin = HttpOrigin.naming();
                HttpScene scene = HttpScene.of(origin.port());
                Peer visitor = scene.visitor()) {
            for (int i = 0; i < 20; i++) {
                String request = i % 2 == 0 ? scene.get("/" + i) : scene.post("/" + i, "body");
                assertThat(HttpAnswer.read(visitor.send(request)).text()).isEqualTo("1 /" + i);
            }
            assertThat(origin.connections()).isOne();
        }
    }

    @Test
    void visitorsOneAfterAnotherShareAConnection() throws Exception {
        try (HttpOrigin origin = HttpOrigin.naming();
                HttpScene scene = HttpScene.of(origin.port())) {
            for (int i = 0; i < 20; i++) {
                assertThat(scene.ask(scene.get("/" + i)).text()).endsWith(" /" + i);
            }
            // one who comes at once may be there before the connection is
            assertThat(origin.connections()).isLessThan(10);
        }
    }

    @Test
    void visitorsAtTheSameTimeShareNone() throws Exception {
        CountDownLatch both = new CountDownLatch(2);
        try (HttpOrigin origin = HttpOrigin.answering((request, to) -> {
                    both.countDown();
                    both.await();
                    to.send(HttpAnswer.ok(request.target()));
                });
                HttpScene scene = HttpScene.of(origin.port());
                Peer one = scene.visitor();
                Peer other = scene.visitor()) {
            one.send(scene.get("/one"));
            other.send(scene.get("/other"));

            assertThat(HttpAnswer.read(one).text()).isEqualTo("/one");
            assertThat(HttpAnswer.read(other).text()).isEqualTo("/other");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "get"})
    void visitorsFirstRequestThatMustNotBeRepeatedGoesOverANewConnection(String method) throws Exception {
        try (HttpOrigin origin = HttpOrigin.naming();
                HttpScene scene = HttpScene.of(origin.port())) {
            assertThat(scene.ask(scene.get("/")).text()).isEqualTo("1 /");
            assertThat(scene.ask(scene.request(method + " /", "")).text()).isEqualTo("2 /");
            assertThat(scene.ask(scene.request("GET /", "Content-Length: 1\r\n") + "x").text()).isEqualTo("3 /");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 200 OK\r\nConnection: close\r\n", "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n"})
    void localServicesCloseIsHonoured(String head) throws Exception {
        try (HttpOrigin origin = HttpOrigin.answering((_, to) -> to.send(head + "Content-Length: 2\r\n\r\nok"));
                HttpScene scene = HttpScene.of(origin.port());
                Peer visitor = scene.visitor()) {
            for (int i = 1; i <= 3; i++) {
                HttpAnswer answer = HttpAnswer.read(visitor.send(scene.get("/")));
                assertThat(answer.text()).isEqualTo("ok");
                assertThat(answer.head()).as("it is the visitor's no more").doesNotContain("connection");
                assertThat(origin.next().connection()).isEqualTo(i);
                assertThat(origin.nextEnd()).isEqualTo(HttpOrigin.End.CLOSED);
            }
        }
    }

    @Test
    void leftoversBehindAResponseReachNobody() throws Exception {
        try (HttpOrigin origin = HttpOrigin.answering((_, to) ->
                        to.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nmineHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"));
                HttpScene scene = HttpScene.of(origin.port());
                Peer visitor = scene.visitor()) {
            for (int i = 0; i < 3; i++) {
                assertThat(HttpAnswer.read(visitor.send(scene.get("/"))).text()).isEqualTo("mine");
                assertThat(scene.ask(scene.get("/")).text()).isEqualTo("mine");
            }
            assertThat(origin.connections()).isEqualTo(6);
        }
    }

    @Test
    void bodyOfAResponseThatMustHaveNoneReachesNobody() throws Exception {
        CountDownLatch answered = new CountDownLatch(1);
        try (HttpOrigin origin = HttpOrigin.answering((request, to) -> {
                    if (request.target().equals("/none")) {
                        to.send("HTTP/1.1 204 No Content\r\nContent-Length: 40\r\n\r\n");
                        answered.await();
                        to.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil");
                    } else {
                        to.send(HttpAnswer.ok("mine"));
                    }
                });
                HttpScene scene = HttpScene.of(origin.port());
                Peer visitor = scene.visitor()) {
            assertThat(HttpAnswer.read(visitor.send(scene.get("/none")), false).status()).isEqualTo(204);
            visitor.send(scene.get("/next"));
            answered.countDown();
            assertThat(HttpAnswer.read(visitor).text()).isEqualTo("mine");
        }
    }

    @Test
    void byteOnAParkedConnectionEndsIt() throws Exception {
        CountDownLatch parked = new CountDownLatch(1);
        try (HttpOrigin origin = HttpOrigin.answering((request, to) -> {
                    to.send(HttpAnswer.ok(request.connection() + ""));
                    if (request.connection() == 1) {
                        parked.await();
                        to.send("x");
                    }
                });
                HttpScene scene = HttpScene.of(origin.port());
                Peer visitor = scene.visitor()) {
            assertThat(HttpAnswer.read(visitor.send(scene.get("/"))).text()).isEqualTo("1");
            parked.countDown();
            assertThat(origin.nextEnd()).isEqualTo(HttpOrigin.End.BROKEN);
            assertThat(HttpAnswer.read(visitor.send(scene.get("/"))).text()).isEqualTo("2");
        }
    }

    @Test
    void idleConnectionsAreClosedAfterTheirBound() throws Exception {
        Limits.Http h = Limits.Http.DEFAULT;
        Limits limits = Bounds.http(new Limits.Http(h.head(), h.idle(), h.response(), Duration.ofMillis(300), h.parked()));
        try (HttpOrigin origin = HttpOrigin.naming();
                HttpScene scene = HttpScene.of(origin.port(), limits);
                Peer visitor = scene.visitor()) {
            assertThat(HttpAnswer.read(visitor.send(scene.get("/"))).text()).isEqualTo("1 /");
            assertThat(origin.nextEnd()).isEqualTo(HttpOrigin.End.CLOSED);
            assertThat(HttpAnswer.read(visitor.send(scene.get("/"))).text()).isEqualTo("2 /");
        }
    }

    @Test
    void noMoreConnectionsAreParkedThanTheBound() throws Exception {
        Limits.Http h = Limits.Http.DEFAULT;
        Limits limits = Bounds.http(new Limits.Http(h.head(), h.idle(), h.response(), h.parkedFor(), 2));
        CountDownLatch all = new CountDownLatch(6);
        try (HttpOrigin origin = HttpOrigin.answering((_, to) -> {
                    all.countDown();
                    all.await();
                    to.send(HttpAnswer.ok("ok"));
                });
                HttpScene scene = HttpScene.of(origin.port(), limits)) {
            Crowd.of(6, _ -> assertThat(scene.ask(scene.get("/")).text()).isEqualTo("ok"));
            origin.awaitOpen(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"NTLM", "Negotiate", "ntlm TlRMTVNTUAAC"})
    void connectionThatAuthenticatesItselfIsOneVisitorsAlone(String scheme) throws Exception {
        try (HttpOrigin origin = HttpOrigin.answering((request, to) -> to.send(request.target().equals("/login")
                        ? ("HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic\r\nWWW-Authenticate: " + scheme
                                        + "\r\nContent-Length: 1\r\n\r\n" + request.connection())
                                .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1)
                        : HttpAnswer.ok("" + request.connection())));
                HttpScene scene = HttpScene.of(origin.port());
                Peer visitor = scene.visitor();
                Peer other = scene.visitor()) {
            assertThat(HttpAnswer.read(visitor.send(scene.get("/login"))).text()).isEqualTo("1");
            assertThat(HttpAnswer.read(other.send(scene.get("/"))).text()).as("another visitor").isEqualTo("2");
            for (int i = 0; i < 3; i++) {
                assertThat(HttpAnswer.read(visitor.send(scene.get("/"))).text()).as("its own").isEqualTo("1");
                assertThat(HttpAnswer.read(visitor.send(scene.post("/", "x"))).text()).as("its own").isEqualTo("1");
                assertThat(HttpAnswer.read(other.send(scene.get("/"))).text()).as("another visitor").isEqualTo("2");
            }
            visitor.leave();
            assertThat(origin.nextEnd()).isEqualTo(HttpOrigin.End.CLOSED);
            assertThat(HttpAnswer.read(other.send(scene.get("/"))).text()).as("another visitor").isEqualTo("2");
        }
    }

    @Test
    void credentialsForAConnectionMakeItTheirVisitorsAlone() throws Exception {
        try (HttpOrigin origin = HttpOrigin.naming();
                HttpScene scene = HttpScene.of(origin.port());
                Peer visitor = scene.visitor()) {
            visitor.send(scene.request("GET /", "Authorization: NTLM TlRMTVNTUAAB\r\n"));
            assertThat(HttpAnswer.read(visitor).text()).isEqualTo("1 /");
            assertThat(HttpAnswer.read(visitor.send(scene.get("/a"))).text()).isEqualTo("1 /a");
            assertThat(scene.ask(scene.get("/b")).text()).isEqualTo("2 /b");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"WWW-Authenticate: NTLM", "WWW-Authenticate: Negotiate"})
    void connectionThatAuthenticatesItselfIsNotSharedByTheVisitorsOfAProxy(String challenge) throws Exception {
        try (HttpOrigin origin = HttpOrigin.answering((request, to) -> to.send(
                        "HTTP/1.1 401 Unauthorized\r\n" + challenge + "\r\nContent-Length: 1\r\n\r\n" + request.connection()));
                HttpScene scene = HttpScene.behindProxy(origin.port());
                Peer proxy = scene.visitor()) {
            for (int i = 1; i <= 4; i++) {
                String visitor = "X-Forwarded-For: 203.0.113." + i % 2 + "\r\n";
                HttpAnswer answer = HttpAnswer.read(proxy.send(scene.request("GET /", visitor)));
                assertThat(answer.text()).as("a connection of its own").isEqualTo("" + i);
                assertThat(origin.nextEnd()).isEqualTo(HttpOrigin.End.CLOSED);
            }
        }
    }

    @Test
    void credentialsForAConnectionAreNotSharedByTheVisitorsOfAProxy() throws Exception {
        try (HttpOrigin origin = HttpOrigin.naming();
                HttpScene scene = HttpScene.behindProxy(origin.port());
                Peer proxy = scene.visitor()) {
            String ann = "X-Forwarded-For: 203.0.113.1\r\nAuthorization: NTLM TlRMTVNTUAAB\r\n";
            assertThat(HttpAnswer.read(proxy.send(scene.request("GET /", ann))).text()).isEqualTo("1 /");
            String eve = "X-Forwarded-For: 203.0.113.2\r\n";
            assertThat(HttpAnswer.read(proxy.send(scene.request("GET /", eve))).text()).isEqualTo("2 /");
        }
    }

    @Test
    void tunnelThatIsGivenUpClosesItsParkedConnections() throws Exception {
        try (HttpOrigin origin = HttpOrigin.naming();
                HttpScene scene = HttpScene.of(origin.port())) {
            assertThat(scene.ask(scene.get("/")).status()).isEqualTo(200);
            scene.client().close();
            await().atMost(World.PATIENCE).untilAsserted(() -> origin.awaitOpen(0));
        }
    }
}
