package tunnel.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tunnel.fixture.LeakCheck;

/// When a connection is switched to another protocol, and when it is not.
@Timeout(60)
@ExtendWith(LeakCheck.class)
class HttpUpgradeTest {
    private static final String HANDSHAKE = String.join(
            "\r\n",
            "Connection: keep-alive, Upgrade", "Upgrade: WebSocket", "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "");
    private static final String FOO = "Connection: Upgrade\r\nUpgrade: foo/1\r\n";
    private static final String FOO_ACCEPTED = "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: foo/1\r\n\r\n";

    @Test
    void framesGluedToTheHandshakeArriveBothWays() throws Exception {
        byte[] hello = WebSocketOrigin.frame(true, WebSocketOrigin.TEXT, "hello".getBytes(ISO_8859_1));
        try (Origin origin = Origin.serving(to -> {
                    String head = to.head();
                    String glued = WebSocketOrigin.accepted(head, "") + new String(hello, ISO_8859_1);
                    to.send(glued);
                    assertThat(to.read(hello.length)).isEqualTo(hello);
                    assertThat(to.read()).isEqualTo(-1);
                });
                HttpScene scene = HttpScene.of(origin.port());
                Peer visitor = scene.visitor()) {
            visitor.send(scene.request("GET /", HANDSHAKE) + new String(hello, ISO_8859_1));

            String head = visitor.head();
            assertThat(head).startsWith("HTTP/1.1 101 Switching Protocols\r\n");
            assertThat(HttpOrigin.field(head, "Upgrade")).isEqualTo("websocket");
            assertThat(HttpOrigin.field(head, "Connection")).isEqualTo("Upgrade");
            assertThat(HttpOrigin.field(head, "Sec-WebSocket-Accept")).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
            assertThat(visitor.read(hello.length)).isEqualTo(hello);
            assertThat(visitor.end().read()).isEqualTo(-1);
        }
    }

    @Test
    void refusedHandshakeIsAResponseLikeAnyOther() throws Exception {
        try (HttpOrigin origin = HttpOrigin.answering((request, to) -> to.send(
                        request.target().equals("/chat")
                                ? "HTTP/1.1 403 Forbidden\r\nContent-Length: 6\r\n\r\nno way".getBytes(ISO_8859_1)
                                : HttpAnswer.ok("next")));
                HttpScene scene = HttpScene.of(origin.port());
                Peer visitor = scene.visitor()) {
            for (int i = 0; i < 3; i++) {
                HttpAnswer answer = HttpAnswer.read(visitor.send(scene.request("GET /chat", HANDSHAKE)));
                assertThat(answer.status()).isEqualTo(403);
                assertThat(answer.text()).isEqualTo("no way");
                assertThat(HttpAnswer.read(visitor.send(scene.get("/"))).text()).isEqualTo("next");
            }
        }
    }

    @Test
    void localServiceMaySayWhatToSwitchTo() throws Exception {
        try (HttpOrigin origin = HttpOrigin.answering((_, to) -> to.send(String.join(
                "\r\n",
                "HTTP/1.1 426 Upgrade Required", "Connection: Upgrade", "Upgrade: websocket", "Content-Length: 0", "",
                "")));
                HttpScene scene = HttpScene.of(origin.port())) {
            assertThat(scene.ask(scene.get("/")).head()).contains("connection: upgrade\r\nupgrade: websocket\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "Connection: Upgrade\r\nUpgrade: websocket\r\n",
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n",
        "Connection: Upgrade\r\nUpgrade: foo/1\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n",
        "Connection: Upgrade\r\nUpgrade: h2c\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n",
        "Upgrade: websocket\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n",
        "Connection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
    })
    void switchThatWasNotAskedForIsABadResponse(String fields) throws Exception {
        try (Origin origin = Origin.serving(to -> {
                    to.head();
                    to.send("HTTP/1.1 101 Switching Protocols\r\n" + fields + "\r\n");
                    assertThat(to.seesReset()).isTrue();
                });
                HttpScene scene = HttpScene.of(origin.port())) {
            assertThat(scene.ask(scene.request("GET /", HANDSHAKE)).status()).isEqualTo(502);
        }
    }

    @Test
    void otherProtocolIsRelayedAsItIsAndEachHalfEndsByItself() throws Exception {
        byte[] much = new byte[3 << 20];
        new Random(3).nextBytes(much);
        CompletableFuture<byte[]> got = new CompletableFuture<>();
        try (Origin origin = Origin.serving(to -> {
                    assertThat(HttpOrigin.field(to.head(), "Upgrade")).isEqualTo("foo/1");
                    to.send(FOO_ACCEPTED);
                    got.complete(to.readAll());
                    to.send(much);
                });
                HttpScene scene = HttpScene.of(origin.port());
                Peer visitor = scene.visitor()) {
            assertThat(visitor.send(scene.request("GET /", FOO)).head()).startsWith("HTTP/1.1 101");
            visitor.send(much).end();

            assertThat(got.get(20, TimeUnit.SECONDS)).isEqualTo(much);
            assertThat(visitor.readAll()).isEqualTo(much);
        }
    }

    @Test
    void localServiceThatEndsItsHalfOfAnotherProtocolFirstGetsTheRest() throws Exception {
        CompletableFuture<byte[]> got = new CompletableFuture<>();
        try (Origin origin = Origin.serving(to -> {
                    to.head();
                    to.send(FOO_ACCEPTED).send("enough").end();
                    got.complete(to.readAll());
                });
                HttpScene scene = HttpScene.of(origin.port());
                Peer visitor = scene.visitor()) {
            visitor.send(scene.request("GET /", FOO)).head();
            assertThat(visitor.readAll()).asString().isEqualTo("enough");
            visitor.send("the rest").end();
            assertThat(got.get(20, TimeUnit.SECONDS)).asString().isEqualTo("the rest");
        }
    }

    @Test
    void breakOfAnotherProtocolIsSeenBothWays() throws Exception {
        CompletableFuture<Boolean> broken = new CompletableFuture<>();
        try (Origin origin = Origin.serving(to -> {
                    boolean breaks = to.head().contains("/breaks");
                    to.send(FOO_ACCEPTED);
                    to.read();
                    if (breaks) {
                        to.reset();
                    } else {
                        broken.complete(to.seesReset());
                    }
                });
                HttpScene scene = HttpScene.of(origin.port());
                Peer one = scene.visitor();
                Peer other = scene.visitor()) {
            one.send(scene.request("GET /breaks", FOO)).head();
            assertThat(one.send("x").seesReset()).isTrue();
            other.send(scene.request("GET /", FOO)).head();
            other.send("x").reset();
            assertThat(broken.get(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST /", "HEAD /", "OPTIONS /"})
    void upgradeOfAnythingButAGetIsIgnored(String line) throws Exception {
        try (HttpOrigin origin = HttpOrigin.naming();
                HttpScene scene = HttpScene.of(origin.port());
                Peer visitor = scene.visitor()) {
            visitor.send(scene.request(line, HANDSHAKE));
            assertThat(HttpAnswer.read(visitor, !line.startsWith("HEAD")).status()).isEqualTo(200);
            assertThat(origin.next().field("Upgrade")).isEqualTo("(none)");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Sec-WebSocket-Key", "Sec-WebSocket-Version"})
    void handshakeThatLacksAFieldIsRefused(String lacking) throws Exception {
        try (HttpOrigin origin = HttpOrigin.naming();
                HttpScene scene = HttpScene.of(origin.port())) {
            assertThat(scene.ask(scene.request("GET /", HANDSHAKE.replace(lacking, "X-Other"))).status()).isEqualTo(400);
            assertThat(origin.connections()).isZero();
        }
    }
}
