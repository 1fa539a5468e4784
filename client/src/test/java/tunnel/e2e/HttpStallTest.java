package tunnel.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tunnel.fixture.LeakCheck;
import tunnel.protocol.EdgeOptions;
import tunnel.protocol.EdgeOptions.FieldEdit;
import tunnel.server.registry.Limits;

/// Who stands still, or leaves, holds nothing for long and disturbs nobody else.
@Timeout(60)
@ExtendWith(LeakCheck.class)
class HttpStallTest {
    private static final int MORE_THAN_ALL_BUFFERS = 64 << 20;

    private static Limits impatient() {
        Limits.Http usual = Limits.Http.DEFAULT;
        return Bounds.http(new Limits.Http(
                        usual.head(),
                        Duration.ofMillis(500),
                        Duration.ofMillis(500),
                        usual.parkedFor(),
                        usual.parked()))
                .with(Bounds.stalled(Duration.ofMillis(500)));
    }

    /// A local service that says something on each connection, and how the connection has ended.
    private static Origin saying(CompletableFuture<Boolean> broken, String head, int length) throws IOException {
        return Origin.serving(to -> {
            to.head();
            try {
                to.send(head);
                to.send(new byte[length]);
                broken.complete(to.seesReset() || to.read() < 0);
            } catch (SocketTimeoutException e) {
                broken.complete(false);
            } catch (IOException e) {
                broken.complete(true);
            }
        });
    }

    @Test
    void visitorThatDoesNotReadIsGivenUp() throws Exception {
        CompletableFuture<Boolean> broken = new CompletableFuture<>();
        String head = "HTTP/1.1 200 OK\r\nContent-Length: " + MORE_THAN_ALL_BUFFERS + "\r\n\r\n";
        try (Origin origin = saying(broken, head, MORE_THAN_ALL_BUFFERS);
                HttpScene scene = HttpScene.of(origin.port(), impatient());
                Peer visitor = scene.visitor()) {
            visitor.send(scene.get("/large"));

            assertThat(broken.get(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void visitorThatLeavesASilentStreamOfEventsIsNoticed() throws Exception {
        CompletableFuture<Boolean> broken = new CompletableFuture<>();
        String head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";
        try (Origin origin = saying(broken, head, 0);
                HttpScene scene = HttpScene.of(origin.port(), impatient());
                Peer visitor = scene.visitor()) {
            visitor.send(scene.get("/events")).head();
            visitor.leave();

            assertThat(broken.get(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Connection: Upgrade\r\nUpgrade: foo/1\r\n"})
    void visitorThatLeavesWhileNobodyReadsWhatItSendsIsNoticed(String fields) throws Exception {
        CompletableFuture<Boolean> broken = new CompletableFuture<>();
        String head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";
        try (Origin origin = saying(broken, head, 0);
                HttpScene scene = HttpScene.of(origin.port(), impatient());
                Peer visitor = scene.visitor()) {
            // a second request that waits for the first one's response, or a response that might yet have been a switch
            String next = fields.isEmpty() ? scene.get("/next") : "";
            visitor.send(scene.request("GET /events", fields) + next).head();
            visitor.reset();

            assertThat(broken.get(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void localServiceThatEndsItsHalfOfAnotherProtocolAndReadsNothingHoldsNobody(@TempDir Path folder) throws Exception {
        CompletableFuture<Void> over = new CompletableFuture<>();
        Limits.Http usual = Limits.Http.DEFAULT;
        Limits limits = Bounds.http(new Limits.Http(
                Duration.ofMillis(500), usual.idle(), usual.response(), usual.parkedFor(), usual.parked()));
        Path log = folder.resolve("access.log");
        try (Origin origin = Origin.serving(to -> {
                    to.head();
                    to.send("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: foo/1\r\n\r\n").end();
                    over.get();
                });
                HttpScene scene = HttpScene.logging(log, origin.port(), EdgeOptions.NONE, limits);
                Peer visitor = scene.visitor()) {
            visitor.send(scene.request("GET /", "Connection: Upgrade\r\nUpgrade: foo/1\r\n")).head();
            CompletableFuture<Void> sending = visitor.sending(new byte[MORE_THAN_ALL_BUFFERS]);

            await().atMost(World.PATIENCE).untilAsserted(() -> assertThat(log).content().contains(" 101 "));
            assertThat(sending.handle((_, e) -> e).get(20, TimeUnit.SECONDS)).isNotNull();
            over.complete(null);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 67108864\r\n", "Transfer-Encoding: chunked\r\n"})
    void localServiceThatReadsNoUploadTimesOut(String framing) throws Exception {
        CompletableFuture<Void> over = new CompletableFuture<>();
        try (Origin origin = Origin.serving(to -> {
                    to.head();
                    over.get();
                });
                HttpScene scene = HttpScene.of(origin.port(), impatient());
                Peer visitor = scene.visitor()) {
            visitor.send(scene.request("POST /upload", framing));
            byte[] body = new byte[MORE_THAN_ALL_BUFFERS];
            var sending = framing.startsWith("Content")
                    ? visitor.sending(body)
                    : visitor.send("4000000\r\n").sending(body);

            assertThat(HttpAnswer.read(visitor).status()).isEqualTo(504);
            over.complete(null);
            assertThat(sending).satisfies(each -> assertThat(each.handle((_, e) -> e)).isNotNull());
        }
    }

    @Test
    void idleVisitorThatBreaksOffBreaksNobodyElsesExchange() throws Exception {
        CompletableFuture<Void> go = new CompletableFuture<>();
        try (HttpOrigin origin = HttpOrigin.answering((request, to) -> {
                    if (request.target().equals("/slow")) {
                        go.get();
                    }
                    to.send(HttpAnswer.ok(request.connection() + request.target()));
                });
                HttpScene scene = HttpScene.of(origin.port());
                Peer idle = scene.visitor();
                Peer other = scene.visitor()) {
            String last;
            do { // one who comes at once may be there before the connection is
                last = HttpAnswer.read(idle.send(scene.get("/"))).text();
            } while (!HttpAnswer.read(other.send(scene.get("/"))).text().equals(last));
            other.send(scene.get("/slow"));
            while (!origin.next().target().equals("/slow")) {
                // the two before
            }
            idle.reset();
            assertThat(scene.ask(scene.get("/third")).text()).as("the reset has been seen by then").endsWith("/third");
            go.complete(null);

            assertThat(HttpAnswer.read(other).text()).isEqualTo(last + "slow");
        }
    }

    @Test
    void fieldThatATunnelSetsCannotBeForgedByUnderscoresOrTrailers() throws Exception {
        EdgeOptions options = new EdgeOptions(
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                0,
                0,
                Duration.ZERO,
                "",
                List.of(new FieldEdit("X-Auth-User", "ann")),
                List.of());
        try (HttpOrigin origin = HttpOrigin.naming();
                HttpScene scene = HttpScene.of(origin.port(), options)) {
            String body = "1\r\nx\r\n0\r\nX-Auth-User: eve\r\nX_Auth_User: eve\r\nX-Other: good\r\n\r\n";
            String fields = "X_Auth_User: eve\r\nx-auth-user: eve\r\nTransfer-Encoding: chunked\r\n";
            assertThat(scene.ask(scene.request("POST /", fields) + body).status()).isEqualTo(200);

            HttpOrigin.Request request = origin.next();
            assertThat(request.head()).contains("X-Auth-User: ann").doesNotContain("eve");
            assertThat(request.trailers()).contains("X-Other: good").doesNotContain("eve");
        }
    }
}
