package tunnel.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tunnel.fixture.LeakCheck;

/// WebSockets as programs use them, by the JDK's own client.
@Timeout(60)
@ExtendWith(LeakCheck.class)
class HttpWebSocketTest {
    /// What came, message by message.
    private static final class Heard implements WebSocket.Listener {
        private final BlockingQueue<Object> events = new LinkedBlockingQueue<>();
        private final StringBuilder text = new StringBuilder();
        private final ByteArrayOutputStream binary = new ByteArrayOutputStream();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                events.add(text.toString());
                text.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            byte[] part = new byte[data.remaining()];
            data.get(part);
            binary.writeBytes(part);
            if (last) {
                events.add(binary.toByteArray());
                binary.reset();
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onPong(WebSocket socket, ByteBuffer message) {
            events.add("pong " + UTF_8.decode(message));
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
            events.add("close " + status + " " + reason);
            return null;
        }

        Object next() throws InterruptedException {
            Object event = events.poll(20, TimeUnit.SECONDS);
            assertThat(event).as("something came").isNotNull();
            return event;
        }
    }

    private static WebSocket open(HttpClient http, HttpScene scene, Heard heard) throws Exception {
        return http.newWebSocketBuilder()
                .buildAsync(URI.create("ws://localhost:" + scene.client().port() + "/chat"), heard)
                .get(20, TimeUnit.SECONDS);
    }

    private static <T> T done(CompletableFuture<T> future) throws Exception {
        return future.get(20, TimeUnit.SECONDS);
    }

    @Test
    void messagesOfEveryKindAndSizeComeBack() throws Exception {
        Heard heard = new Heard();
        try (Origin origin = Origin.serving(WebSocketOrigin::echo);
                HttpScene scene = HttpScene.of(origin.port());
                HttpClient http = HttpClient.newHttpClient()) {
            WebSocket socket = open(http, scene, heard);
            for (int length : new int[] {0, 1, 125, 126, 127, 65_535, 65_536, 200_000}) {
                String text = "\u00e4".repeat(length / 2) + "x".repeat(length % 2);
                done(socket.sendText(text, true));
                assertThat(heard.next()).isEqualTo(text);
                byte[] bytes = new byte[length];
                new Random(length).nextBytes(bytes);
                done(socket.sendBinary(ByteBuffer.wrap(bytes), true));
                assertThat(heard.next()).isEqualTo(bytes);
            }
            done(socket.sendClose(WebSocket.NORMAL_CLOSURE, "bye"));
            assertThat(heard.next()).isEqualTo("close 1000 bye");
        }
    }

    @Test
    void pingsPassBetweenFragments() throws Exception {
        Heard heard = new Heard();
        try (Origin origin = Origin.serving(WebSocketOrigin::echo);
                HttpScene scene = HttpScene.of(origin.port());
                HttpClient http = HttpClient.newHttpClient()) {
            WebSocket socket = open(http, scene, heard);
            done(socket.sendText("one ", false));
            done(socket.sendPing(ByteBuffer.wrap("a".getBytes(UTF_8))));
            assertThat(heard.next()).isEqualTo("pong a");
            done(socket.sendText("two ", false));
            done(socket.sendPing(ByteBuffer.wrap("b".repeat(125).getBytes(UTF_8))));
            assertThat(heard.next()).isEqualTo("pong " + "b".repeat(125));
            done(socket.sendText("", false));
            done(socket.sendText("three", true));
            assertThat(heard.next()).isEqualTo("one two three");
            done(socket.sendClose(WebSocket.NORMAL_CLOSURE, ""));
            assertThat(heard.next()).isEqualTo("close 1000 ");
        }
    }

    @Test
    void sixteenMebibytesGoBothWays() throws Exception {
        Heard heard = new Heard();
        byte[] much = new byte[16 << 20];
        new Random(16).nextBytes(much);
        try (Origin origin = Origin.serving(WebSocketOrigin::echo);
                HttpScene scene = HttpScene.of(origin.port());
                HttpClient http = HttpClient.newHttpClient()) {
            WebSocket socket = open(http, scene, heard);
            done(socket.sendBinary(ByteBuffer.wrap(much), true));
            assertThat((byte[]) heard.next()).isEqualTo(much);
            done(socket.sendClose(WebSocket.NORMAL_CLOSURE, ""));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1001, 1008, 1011, 3000, 4999})
    void localServicesCloseCodeReachesTheVisitor(int code) throws Exception {
        Heard heard = new Heard();
        try (Origin origin = Origin.serving(to -> {
                    to.send(WebSocketOrigin.accepted(to.head(), ""));
                    byte[] payload = ByteBuffer.allocate(6).putShort((short) code).put("over".getBytes(UTF_8)).array();
                    to.send(WebSocketOrigin.frame(true, WebSocketOrigin.CLOSE, payload));
                    assertThat(WebSocketOrigin.read(to).opcode()).as("the answer").isEqualTo(WebSocketOrigin.CLOSE);
                });
                HttpScene scene = HttpScene.of(origin.port());
                HttpClient http = HttpClient.newHttpClient()) {
            var _ = open(http, scene, heard);
            assertThat(heard.next()).isEqualTo("close " + code + " over");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1001, 1008, 3000, 4999})
    void visitorsCloseCodeReachesTheLocalService(int code) throws Exception {
        CompletableFuture<ByteBuffer> seen = new CompletableFuture<>();
        try (Origin origin = Origin.serving(to -> {
                    to.send(WebSocketOrigin.accepted(to.head(), ""));
                    WebSocketOrigin.Frame frame = WebSocketOrigin.read(to);
                    seen.complete(frame.payload());
                    to.send(WebSocketOrigin.frame(true, WebSocketOrigin.CLOSE, frame.payload().array()));
                });
                HttpScene scene = HttpScene.of(origin.port());
                Peer visitor = handshake(scene)) {
            byte[] payload = ByteBuffer.allocate(6).putShort((short) code).put("over".getBytes(UTF_8)).array();
            byte[] close = WebSocketOrigin.frame(true, WebSocketOrigin.CLOSE, payload);
            visitor.send(close);

            assertThat(done(seen)).isEqualTo(ByteBuffer.wrap(payload));
            assertThat(visitor.read(close.length)).isEqualTo(close);
        }
    }

    private static Peer handshake(HttpScene scene) throws Exception {
        Peer visitor = scene.visitor();
        String fields = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
        assertThat(visitor.send(scene.request("GET /chat", fields)).head()).startsWith("HTTP/1.1 101 ");
        return visitor;
    }

    @Test
    void pingOfTheLocalServiceIsAnsweredByTheVisitor() throws Exception {
        CompletableFuture<String> pong = new CompletableFuture<>();
        try (Origin origin = Origin.serving(to -> {
                    to.send(WebSocketOrigin.accepted(to.head(), ""));
                    to.send(WebSocketOrigin.frame(true, WebSocketOrigin.PING, "are you there".getBytes(UTF_8)));
                    WebSocketOrigin.Frame frame = WebSocketOrigin.read(to);
                    pong.complete(frame.opcode() + " " + UTF_8.decode(frame.payload()));
                });
                HttpScene scene = HttpScene.of(origin.port());
                HttpClient http = HttpClient.newHttpClient()) {
            WebSocket socket = open(http, scene, new Heard());
            assertThat(done(pong)).isEqualTo(WebSocketOrigin.PONG + " are you there");
            socket.abort();
        }
    }

    @Test
    void fragmentsThatComeByteByByteAreFragmentsAllTheSame() throws Exception {
        try (Origin origin = Origin.serving(WebSocketOrigin::echo);
                HttpScene scene = HttpScene.of(origin.port());
                Peer visitor = handshake(scene)) {
            for (byte[] frame : new byte[][] {
                WebSocketOrigin.frame(false, WebSocketOrigin.TEXT, "one ".getBytes(UTF_8)),
                WebSocketOrigin.frame(false, 0, "two ".repeat(40).getBytes(UTF_8)),
                WebSocketOrigin.frame(true, 0, "three".getBytes(UTF_8))
            }) {
                for (byte one : frame) {
                    visitor.send(new byte[] {one});
                }
                assertThat(visitor.read(frame.length)).isEqualTo(frame);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void abruptEndInsideAFrameReachesTheOtherSide(boolean byTheVisitor) throws Exception {
        byte[] half = {(byte) 0x82, 100, 1, 2, 3};
        CompletableFuture<Boolean> broken = new CompletableFuture<>();
        try (Origin origin = Origin.serving(to -> {
                    to.send(WebSocketOrigin.accepted(to.head(), ""));
                    if (byTheVisitor) {
                        assertThat(to.read(half.length)).isEqualTo(half);
                        broken.complete(to.seesReset());
                    } else {
                        to.send(half);
                        to.read();
                        to.reset();
                    }
                });
                HttpScene scene = HttpScene.of(origin.port());
                Peer visitor = handshake(scene)) {
            if (byTheVisitor) {
                visitor.send(half).reset();
                assertThat(done(broken)).isTrue();
            } else {
                assertThat(visitor.read(half.length)).isEqualTo(half);
                assertThat(visitor.send("x").seesReset()).isTrue();
            }
        }
    }

    @Test
    void subprotocolAndOriginGoOn() throws Exception {
        CompletableFuture<String> seen = new CompletableFuture<>();
        try (Origin origin = Origin.serving(to -> {
                    String head = to.head();
                    seen.complete(head);
                    to.send(WebSocketOrigin.accepted(head, "Sec-WebSocket-Protocol: chat.v1\r\n"));
                    to.read();
                });
                HttpScene scene = HttpScene.of(origin.port());
                HttpClient http = HttpClient.newHttpClient()) {
            WebSocket socket = http.newWebSocketBuilder()
                    .subprotocols("chat.v2", "chat.v1")
                    .header("Origin", "https://app.example")
                    .buildAsync(URI.create("ws://localhost:" + scene.client().port() + "/chat?a=b"), new Heard())
                    .get(20, TimeUnit.SECONDS);

            assertThat(socket.getSubprotocol()).isEqualTo("chat.v1");
            String head = done(seen);
            assertThat(head).startsWith("GET /chat?a=b HTTP/1.1\r\n");
            assertThat(HttpOrigin.field(head, "Origin")).isEqualTo("https://app.example");
            assertThat(HttpOrigin.field(head, "Sec-WebSocket-Protocol")).isEqualTo("chat.v2, chat.v1");
            assertThat(HttpOrigin.field(head, "Sec-WebSocket-Version")).isEqualTo("13");
            assertThat(HttpOrigin.field(head, "Upgrade")).isEqualTo("websocket");
            assertThat(HttpOrigin.field(head, "X-Forwarded-For")).isEqualTo("127.0.0.1");
            socket.abort();
        }
    }
}
