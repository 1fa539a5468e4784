package tunnel.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tunnel.client.ClientSettings;
import tunnel.fixture.ClosedPort;
import tunnel.fixture.LeakCheck;
import tunnel.fixture.LogLines;
import tunnel.net.HostPort;
import tunnel.protocol.Bytes;
import tunnel.protocol.EdgeOptions;
import tunnel.protocol.Frame;
import tunnel.protocol.Options;
import tunnel.protocol.RejectCode;
import tunnel.protocol.TunnelProtocol;
import tunnel.server.TunnelServer;
import tunnel.server.registry.Limits;

/// Visitors of an HTTP tunnel that holds them while its local service is down.
@Timeout(60)
@ExtendWith(LeakCheck.class)
class HttpHeldTest {
    private static final Duration WAIT = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(400);

    private final AtomicInteger requests = new AtomicInteger();

    private static HttpScene holding(int port, Duration wait) throws IOException {
        return HttpScene.holding(port, wait, EdgeOptions.NONE, Bounds.patient());
    }

    /// An app that has come up, at a port that refused connections.
    private Origin up(ClosedPort port) throws IOException {
        return up(port, this::serve);
    }

    private static Origin up(ClosedPort port, Origin.Service service) throws IOException {
        port.close();
        return Origin.at(port.number(), service);
    }

    private void serve(Peer visitor) throws IOException {
        while (true) {
            String head = visitor.head();
            requests.incrementAndGet();
            visitor.send(HttpAnswer.ok(head.split(" ", 3)[0] + " " + new String(visitor.read(HttpAnswer.length(head)), ISO_8859_1)));
        }
    }

    private static void awaitDown(LogLines log) {
        await().atMost(World.PATIENCE).until(() -> !log.with("is down: connection refused").isEmpty());
    }

    private static CompletableFuture<HttpAnswer> asking(HttpScene scene, String request) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return scene.ask(request);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST"})
    void requestIsHeldUntilTheAppIsUpAndActedOnOnce(String method) throws Exception {
        try (LogLines log = new LogLines(Level.INFO);
                ClosedPort port = new ClosedPort();
                HttpScene scene = holding(port.number(), WAIT)) {
            CompletableFuture<HttpAnswer> held =
                    asking(scene, method.equals("GET") ? scene.get("/") : scene.post("/", "body"));
            awaitDown(log);
            assertThat(held).isNotDone();

            try (Origin _ = up(port)) {
                assertThat(held.get().text()).isEqualTo(method.equals("GET") ? "GET " : "POST body");
                assertThat(requests).hasValue(1);
            }
        }
    }

    @Test
    void whenTheTimeIsUpVisitorsAreToldToComeBackAndTheLogSaysOnceThatItIsDown() throws Exception {
        try (LogLines log = new LogLines(Level.INFO);
                ClosedPort port = new ClosedPort();
                HttpScene scene = holding(port.number(), SHORT)) {
            for (String request : List.of(scene.get("/"), scene.post("/", "body"))) {
                Stopwatch sinceRequest = new Stopwatch();
                HttpAnswer answer = scene.ask(request);
                assertThat(answer.status()).isEqualTo(503);
                assertThat(answer.head()).contains("\r\nretry-after: 5\r\n");
                assertThat(answer.text()).contains("has waited for the app");
                assertThat(sinceRequest.elapsed()).isGreaterThanOrEqualTo(SHORT);
            }
            assertThat(log.with("localhost:" + port.number() + " is down: connection refused. Is your app running?"
                            + " Visitors wait up to 400 ms for it."))
                    .hasSize(1);
            assertThat(log.with("WARN")).hasSize(1);
        }
    }

    @Test
    void aTunnelThatDoesNotHoldTurnsVisitorsAwayAtOnceAsEver() throws Exception {
        try (ClosedPort port = new ClosedPort();
                HttpScene scene = HttpScene.of(port.number())) {
            assertThat(scene.ask(scene.get("/")).status()).isEqualTo(502);
        }
    }

    @Test
    void anAppThatIsRestartedUnderLoadFailsNoGet() throws Exception {
        try (ClosedPort port = new ClosedPort();
                HttpScene scene = holding(port.number(), WAIT)) {
            CompletableFuture<Void> over = new CompletableFuture<>();
            AtomicInteger answered = new AtomicInteger();
            CompletableFuture<Void> load = CompletableFuture.runAsync(() -> {
                try {
                    Crowd.of(8, _ -> {
                        while (!over.isDone()) {
                            try (Peer visitor = scene.visitor()) {
                                for (int i = 0; i < 20 && !over.isDone(); i++) {
                                    assertThat(HttpAnswer.read(visitor.send(scene.get("/"))).text()).isEqualTo("GET ");
                                    answered.incrementAndGet();
                                }
                            }
                        }
                    });
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            for (int restart = 1; restart <= 6; restart++) {
                int before = answered.get();
                try (Origin _ = up(port)) {
                    await().atMost(World.PATIENCE)
                            .failFast(load::isCompletedExceptionally)
                            .until(() -> answered.get() > before + 200 || load.isDone());
                }
            }
            try (Origin _ = up(port)) {
                over.complete(null);
                load.get();
            }
        }
    }

    @Test
    void aGetThatADyingAppHasAcceptedIsSentAgain() throws Exception {
        AtomicInteger connections = new AtomicInteger();
        try (Origin origin = Origin.serving(visitor -> {
                    if (connections.incrementAndGet() <= 3) {
                        visitor.head();
                        visitor.reset();
                    } else {
                        serve(visitor);
                    }
                });
                HttpScene scene = holding(origin.port(), WAIT)) {
            assertThat(scene.ask(scene.get("/")).text()).isEqualTo("GET ");
            assertThat(connections).hasValue(4);
        }
    }

    @Test
    void anAppThatAnswersNoGetGetsItFourTimesAtTheMost() throws Exception {
        try (Origin origin = Origin.serving(visitor -> {
                    visitor.head();
                    requests.incrementAndGet();
                });
                HttpScene scene = holding(origin.port(), WAIT)) {
            assertThat(scene.ask(scene.get("/")).status()).isEqualTo(502);
            assertThat(requests).hasValue(4);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aPostThatWasSentIsNeverSentAgain(boolean kept) throws Exception {
        try (Origin origin = Origin.serving(visitor -> {
                    if (kept) {
                        visitor.head();
                        visitor.send(HttpAnswer.ok("first"));
                    }
                    visitor.head();
                    requests.incrementAndGet();
                    visitor.reset();
                });
                HttpScene scene = holding(origin.port(), WAIT);
                Peer visitor = scene.visitor()) {
            if (kept) {
                assertThat(HttpAnswer.read(visitor.send(scene.get("/"))).text()).isEqualTo("first");
            }
            assertThat(HttpAnswer.read(visitor.send(scene.post("/", "x"))).status()).isEqualTo(502);
            assertThat(requests).hasValue(1);
        }
    }

    @Test
    void aVisitorWhoLeavesFreesItsPlaceAndItsDataChannel() throws Exception {
        try (LogLines log = new LogLines(Level.DEBUG);
                ClosedPort port = new ClosedPort();
                HttpScene scene = HttpScene.holding(port.number(), WAIT, EdgeOptions.NONE, Bounds.visitors(100, 100, 1))) {
            try (Peer visitor = scene.visitor()) {
                visitor.send(scene.post("/", "left"));
                awaitDown(log);
                assertThat(scene.ask(scene.get("/")).text()).contains("This tunnel is full");
                visitor.reset();
            }
            await().atMost(World.PATIENCE).until(() -> !log.with("is not waited for any more").isEmpty());

            try (Origin _ = up(port)) {
                assertThat(scene.ask(scene.get("/")).text()).isEqualTo("GET ");
                assertThat(requests).hasValue(1);
            }
            assertThat(log.with("not over 2 s after it was reset")).isEmpty();
        }
    }

    @Test
    void theAppsTimeToAnswerBeginsWhenItIsUpAndTheServersForTheDialIsLongerByTheWait() throws Exception {
        EdgeOptions answerIn = new EdgeOptions(
                List.of(), List.of(), List.of(), List.of(), 0, 0, Duration.ofMillis(500), "", List.of(), List.of());
        Limits openedSoon = Bounds.patient()
                .with(Quick.streams(Duration.ofSeconds(40), Duration.ofSeconds(20), Duration.ofMillis(500)));
        try (LogLines log = new LogLines(Level.INFO);
                ClosedPort port = new ClosedPort();
                HttpScene scene = HttpScene.holding(port.number(), Duration.ofSeconds(10), answerIn, openedSoon)) {
            Stopwatch sinceRequest = new Stopwatch();
            CompletableFuture<HttpAnswer> held = asking(scene, scene.get("/"));
            CompletableFuture<HttpAnswer> other = asking(scene, scene.get("/never"));
            awaitDown(log);
            await().atMost(World.PATIENCE).until(() -> sinceRequest.elapsed().compareTo(Duration.ofMillis(900)) > 0);
            try (Origin _ = up(port, visitor -> {
                String head = visitor.head();
                if (head.startsWith("GET /never")) {
                    visitor.read(); // to the end
                } else {
                    visitor.send(HttpAnswer.ok("up"));
                }
            })) {
                assertThat(held.get().text()).isEqualTo("up");
                assertThat(other.get().text()).contains("took too long");
                assertThat(sinceRequest.elapsed()).as("not the time that it may be held besides").isLessThan(Duration.ofSeconds(8));
            }
        }
    }

    @Test
    void aVisitorWhoIsHeldHearsOfAClientThatIsGone() throws Exception {
        try (LogLines log = new LogLines(Level.INFO);
                World world = new World();
                ClosedPort port = new ClosedPort()) {
            TunnelServer server = world.server(Quick.doubt(Duration.ofMillis(500)), false, 0);
            Link link = world.closing(new Link(server));
            ClientSettings.Wish wish =
                    new ClientSettings.Wish(new HostPort("localhost", port.number()), TunnelProtocol.HTTP, Scene.NAME, 0);
            world.client(new ClientSettings(link.join(server), false, wish.waiting(WAIT))).ready();
            CompletableFuture<Visit> held =
                    CompletableFuture.supplyAsync(() -> Visit.byName(server.httpPort(), Scene.NAME, "/"));
            awaitDown(log);
            link.freeze();

            assertThat(held.get().status()).isEqualTo(504);
        }
    }

    @Test
    void theClientStopsAtOnceThoughVisitorsAreHeld() throws Exception {
        try (LogLines log = new LogLines(Level.INFO);
                ClosedPort port = new ClosedPort();
                HttpScene scene = holding(port.number(), Duration.ofSeconds(60))) {
            CompletableFuture<HttpAnswer> held = asking(scene, scene.get("/"));
            awaitDown(log);
            Stopwatch sinceClose = new Stopwatch();
            scene.client().close();

            assertThat(held.get().status()).isEqualTo(502);
            assertThat(sinceClose.elapsed()).isLessThan(Duration.ofSeconds(10));
        }
    }

    @Test
    void aTimeThatIsNoneIsRefused() throws Exception {
        try (World world = new World()) {
            TunnelServer server = world.server();
            try (RawClient raw = RawClient.connect(server.controlPort(), false)) {
                raw.login(server.joinString().token());
                Options none = Options.NONE.with(Options.LOCAL_WAIT, Bytes.ofHex("00000000"));
                raw.send(new Frame.Bind(1, TunnelProtocol.TCP, "", 0, none));

                assertThat(raw.tunnelAnswer())
                        .isEqualTo(new Frame.Reject(
                                1, RejectCode.PROTOCOL, "a wait of 0 ms for the local service is not between 1 ms and 60 s"));
            }
        }
    }

    @Test
    void aCrowdIsHeldAndServed() throws Exception {
        try (LogLines log = new LogLines(Level.INFO);
                ClosedPort port = new ClosedPort();
                HttpScene scene = holding(port.number(), Duration.ofSeconds(60))) {
            CompletableFuture<Void> crowd = CompletableFuture.runAsync(() -> {
                try {
                    Crowd.of(150, _ -> assertThat(scene.ask(scene.get("/")).text()).isEqualTo("GET "));
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            awaitDown(log);
            try (Origin _ = up(port)) {
                crowd.get();
            }
            assertThat(requests).hasValue(150);
        }
    }
}
