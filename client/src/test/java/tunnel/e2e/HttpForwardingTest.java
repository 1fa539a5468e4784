package tunnel.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tunnel.fixture.LeakCheck;

/// What the local service learns of who asked for what: from the edge, and from nobody else.
@Timeout(60)
@ExtendWith(LeakCheck.class)
class HttpForwardingTest {
    private static final String FORGED = String.join(
            "\r\n",
            "Forwarded: for=1.2.3.4", "X-Forwarded-For: 1.2.3.4", "X-Forwarded-Proto: https",
            "X-Forwarded-Host: evil", "X-Forwarded-Port: 1", "X-Forwarded-Anything: x", "X-Real-IP: 1.2.3.4", "");

    private HttpOrigin origin;

    @BeforeEach
    void open() throws Exception {
        origin = HttpOrigin.naming();
    }

    @AfterEach
    void close() throws Exception {
        origin.close();
    }

    private HttpOrigin.Request seen(HttpScene scene, String request) throws Exception {
        assertThat(scene.ask(request).status()).isEqualTo(200);
        return origin.next();
    }

    @Test
    void localServiceLearnsWhoAskedForWhat() throws Exception {
        try (HttpScene scene = HttpScene.of(origin.port())) {
            HttpOrigin.Request request = seen(scene, scene.get("/a?b=c"));

            assertThat(request.head()).startsWith("GET /a?b=c HTTP/1.1\r\n");
            assertThat(request.field("Host")).isEqualTo(scene.host());
            assertThat(request.field("X-Forwarded-For")).isEqualTo("127.0.0.1");
            assertThat(request.field("X-Forwarded-Proto")).isEqualTo("http");
            assertThat(request.field("X-Forwarded-Host")).isEqualTo(scene.host());
            assertThat(request.field("Via")).matches("1\\.1 tunnel-[0-9a-f]+");
            assertThat(request.field("X-Request-Id")).isNotEqualTo("(none)");
        }
    }

    @Test
    void whatAVisitorSaysOfItselfIsDropped() throws Exception {
        try (HttpScene scene = HttpScene.of(origin.port())) {
            HttpOrigin.Request request = seen(scene, scene.request("GET /", FORGED + "X-Forwarded-For: 5.6.7.8\r\n"));

            assertThat(request.field("X-Forwarded-For")).isEqualTo("127.0.0.1");
            assertThat(request.field("X-Forwarded-Proto")).isEqualTo("http");
            assertThat(request.field("X-Forwarded-Host")).isEqualTo(scene.host());
            assertThat(request.head())
                    .doesNotContain("1.2.3.4", "evil", "X-Forwarded-Port", "X-Forwarded-Anything", "X-Real-IP");
        }
    }

    @Test
    void connectionNeitherRemovesNorForgesAForwardingField() throws Exception {
        try (HttpScene scene = HttpScene.of(origin.port())) {
            HttpOrigin.Request request = seen(
                    scene,
                    scene.request(
                            "GET /",
                            FORGED + "Via: 1.1 before\r\nConnection: X-Forwarded-For, x-forwarded-proto, X-FORWARDED-HOST\r\n"
                                    + "Connection: via, x-request-id, host, forwarded, x-real-ip\r\n"));

            assertThat(request.field("Host")).isEqualTo(scene.host());
            assertThat(request.field("X-Forwarded-For")).isEqualTo("127.0.0.1");
            assertThat(request.field("X-Forwarded-Proto")).isEqualTo("http");
            assertThat(request.field("X-Forwarded-Host")).isEqualTo(scene.host());
            assertThat(request.field("Via")).matches("1\\.1 before,1\\.1 tunnel-[0-9a-f]+");
            assertThat(request.field("X-Request-Id")).isNotEqualTo("(none)");
            assertThat(request.field("Connection")).isEqualTo("(none)");
        }
    }

    @Test
    void trustedProxyIsBelieved() throws Exception {
        try (HttpScene scene = HttpScene.behindProxy(origin.port())) {
            HttpOrigin.Request request = seen(
                    scene,
                    scene.request(
                            "GET /",
                            "X-Forwarded-For: 203.0.113.9\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: app.example\r\n"));

            assertThat(request.field("X-Forwarded-For")).isEqualTo("203.0.113.9, 127.0.0.1");
            assertThat(request.field("X-Forwarded-Proto")).isEqualTo("https");
            assertThat(request.field("X-Forwarded-Host")).isEqualTo("app.example");
        }
    }

    @Test
    void goodRequestIdIsPassedOn() throws Exception {
        try (HttpScene scene = HttpScene.of(origin.port())) {
            HttpOrigin.Request request = seen(scene, scene.request("GET /", "X-Request-Id: 7f3c-Ab_9.x\r\n"));

            assertThat(request.field("X-Request-Id")).isEqualTo("7f3c-Ab_9.x");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a\"b", "a,b", "<script>", "\u00e4"})
    void badRequestIdIsReplaced(String bad) throws Exception {
        try (HttpScene scene = HttpScene.of(origin.port())) {
            HttpOrigin.Request request = seen(scene, scene.request("GET /", "X-Request-Id: " + bad + "\r\n"));

            assertThat(request.field("X-Request-Id")).matches("[0-9a-z]+-[0-9a-z]+");
        }
    }

    @Test
    void tooLongRequestIdIsReplaced() throws Exception {
        try (HttpScene scene = HttpScene.of(origin.port())) {
            assertThat(seen(scene, scene.request("GET /", "X-Request-Id: " + "x".repeat(65) + "\r\n")).field("X-Request-Id"))
                    .doesNotContain("x".repeat(65));
        }
    }

    @Test
    void requestsOfOneConnectionHaveIdsOfTheirOwn() throws Exception {
        try (HttpScene scene = HttpScene.of(origin.port());
                Peer visitor = scene.visitor()) {
            for (int i = 0; i < 2; i++) {
                HttpAnswer.read(visitor.send(scene.get("/")));
            }
            assertThat(origin.next().field("X-Request-Id")).isNotEqualTo(origin.next().field("X-Request-Id"));
        }
    }

    @Test
    void requestThatHasBeenHereBeforeIsALoop() throws Exception {
        try (HttpScene scene = HttpScene.of(origin.port())) {
            String via = seen(scene, scene.get("/")).field("Via");

            assertThat(scene.ask(scene.request("GET /", "Via: " + via + "\r\n")).status()).isEqualTo(508);
            assertThat(scene.ask(scene.request("GET /", "Connection: via\r\nVia: 1.0 a, " + via + ", 1.1 b\r\n")).status())
                    .isEqualTo(508);
            assertThat(origin.unread()).isZero();
        }
    }

    @Test
    void tunnelWhoseServiceAsksAnotherTunnelIsNoLoopUnlessItAsksItself() throws Exception {
        CompletableFuture<HttpScene> running = new CompletableFuture<>();
        try (HttpOrigin gateway = HttpOrigin.answering((request, to) -> {
                    HttpScene scene = running.get();
                    String host = request.target().equals("/other") ? "red-fox.localhost" : scene.host();
                    HttpAnswer answer = scene.ask("GET / HTTP/1.1\r\nHost: " + host + "\r\nVia: " + request.field("Via") + "\r\n\r\n");
                    to.send(HttpAnswer.ok("it said " + answer.status()));
                });
                HttpScene scene = HttpScene.of(gateway.port())) {
            scene.world().http(scene.server(), origin.port(), "red-fox");
            running.complete(scene);

            assertThat(scene.ask(scene.get("/other")).text()).isEqualTo("it said 200");
            assertThat(scene.ask(scene.get("/itself")).text()).isEqualTo("it said 508");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.1 x%s", "1.1 %s0", "1.1 other (by %s)", "%s"})
    void viaThatOnlyContainsThePseudonymIsNoLoop(String element) throws Exception {
        try (HttpScene scene = HttpScene.of(origin.port())) {
            String own = seen(scene, scene.get("/")).field("Via").substring("1.1 ".length());
            seen(scene, scene.request("GET /", "Via: " + element.formatted(own) + "\r\n"));
        }
    }

    @Test
    void requestIdCannotBeForgedByUnderscoresOrTrailers() throws Exception {
        try (HttpScene scene = HttpScene.of(origin.port())) {
            String fields = "X_Request_Id: eve\r\nX-Request_ID: eve\r\nTransfer-Encoding: chunked\r\n";
            String body = "0\r\nX-Request-Id: eve\r\nX_Request_Id: eve\r\nX-Other: good\r\nContent_Type: eve\r\n\r\n";
            HttpOrigin.Request request = seen(scene, scene.request("POST /", fields) + body);

            assertThat(request.head() + request.trailers()).doesNotContain("eve");
            assertThat(request.trailers()).contains("X-Other: good");
        }
    }

    @Test
    void hostIsTheVisitorsOwnOnTheTunnelsPort() throws Exception {
        try (HttpScene scene = HttpScene.of(origin.port());
                Peer visitor = Peer.visiting(scene.client().port())) {
            HttpAnswer.read(visitor.send(HttpAnswer.get("My.Own.Example:81", "/")));

            HttpOrigin.Request request = origin.next();
            assertThat(request.field("Host")).isEqualTo("My.Own.Example:81");
            assertThat(request.field("X-Forwarded-Host")).isEqualTo("My.Own.Example:81");
        }
    }

    @Test
    void visitorOfHttp10WithoutHostIsServedOnTheTunnelsPort() throws Exception {
        try (HttpScene scene = HttpScene.of(origin.port());
                Peer visitor = Peer.visiting(scene.client().port())) {
            HttpAnswer answer = HttpAnswer.read(visitor.send("GET /old HTTP/1.0\r\n\r\n"));

            assertThat(answer.text()).isEqualTo("1 /old");
            assertThat(visitor.read()).isEqualTo(-1);
            HttpOrigin.Request request = origin.next();
            assertThat(request.head()).startsWith("GET /old HTTP/1.1\r\n");
            assertThat(request.field("Host")).isEqualTo("localhost:" + scene.client().port());
            assertThat(request.field("X-Forwarded-Host")).isEqualTo("(none)");
            assertThat(request.field("Via")).startsWith("1.0 tunnel-");
        }
    }

    @Test
    void absoluteTargetGoesOnAsAPath() throws Exception {
        try (HttpScene scene = HttpScene.of(origin.port())) {
            assertThat(seen(scene, scene.get("http://" + scene.host() + "/x?y")).target()).isEqualTo("/x?y");
            assertThat(seen(scene, scene.get("http://" + scene.host())).target()).isEqualTo("/");
            assertThat(seen(scene, scene.get("http://" + scene.host() + "?q")).target()).isEqualTo("/?q");
        }
    }
}
