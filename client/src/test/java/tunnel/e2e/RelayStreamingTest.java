package tunnel.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import tunnel.fixture.LeakCheck;
import tunnel.server.TunnelServer;

/// What is sent arrives at once, however little it is.
@Timeout(60)
@ExtendWith(LeakCheck.class)
class RelayStreamingTest {
    private static final String MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; // RFC 6455, section 1.3

    @Test
    void webSocketTalksBothWays() throws Exception {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        try (World world = new World();
                Origin origin = Origin.serving(RelayStreamingTest::webSocketEcho);
                HttpClient http = HttpClient.newHttpClient()) {
            World.Client client = world.http(world.server(), origin.port(), "blue-otter");
            WebSocket socket = http.newWebSocketBuilder()
                    .buildAsync(URI.create("ws://localhost:" + client.port() + "/chat"), new Listener(heard))
                    .get(20, TimeUnit.SECONDS);
            for (String text : new String[] {"hello", "", "x".repeat(100)}) {
                socket.sendText(text, true).get(20, TimeUnit.SECONDS);
                assertThat(heard.poll(20, TimeUnit.SECONDS)).isEqualTo("text " + text);
            }
            socket.sendBinary(ByteBuffer.wrap(new byte[] {1, 2, 3}), true).get(20, TimeUnit.SECONDS);
            assertThat(heard.poll(20, TimeUnit.SECONDS)).isEqualTo("binary 3");
            socket.sendClose(WebSocket.NORMAL_CLOSURE, "bye").get(20, TimeUnit.SECONDS);
            assertThat(heard.poll(20, TimeUnit.SECONDS)).isEqualTo("close 1000");
        }
    }

    private record Listener(BlockingQueue<String> heard) implements WebSocket.Listener {
        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            heard.add("text " + data);
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            heard.add("binary " + data.remaining());
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
            heard.add("close " + status);
            return null;
        }
    }

    /// RFC 6455 as far as this test goes: frames of at most 125 bytes, sent back as they came but without their mask.
    private static void webSocketEcho(Peer visitor) throws Exception {
        String key = visitor.head()
                .lines()
                .filter(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith("sec-websocket-key:"))
                .findFirst()
                .orElseThrow()
                .split(":", 2)[1]
                .strip();
        byte[] hash = MessageDigest.getInstance("SHA-1").digest((key + MAGIC).getBytes(ISO_8859_1));
        visitor.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: " + Base64.getEncoder().encodeToString(hash) + "\r\n\r\n");
        int opcode = 0;
        while (opcode != 8) {
            opcode = visitor.read() & 0x0F;
            byte[] mask = new byte[4];
            byte[] payload = new byte[visitor.read() & 0x7F];
            System.arraycopy(visitor.read(4), 0, mask, 0, 4);
            System.arraycopy(visitor.read(payload.length), 0, payload, 0, payload.length);
            for (int i = 0; i < payload.length; i++) {
                payload[i] ^= mask[i % 4];
            }
            visitor.send(ByteBuffer.allocate(2 + payload.length)
                    .put((byte) (0x80 | opcode))
                    .put((byte) payload.length)
                    .put(payload)
                    .array());
        }
    }

    @Test
    void eachServerSentEventArrivesBeforeTheNextIsSent() throws Exception {
        Semaphore seen = new Semaphore(0);
        int events = 100;
        try (World world = new World();
                Origin origin = Origin.serving(visitor -> {
                    visitor.head();
                    visitor.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n");
                    for (int i = 0; i < events; i++) {
                        visitor.send("data: " + i + "\n\n");
                        assertThat(seen.tryAcquire(20, TimeUnit.SECONDS)).as("event %d was seen", i).isTrue();
                    }
                })) {
            TunnelServer server = world.server();
            world.http(server, origin.port(), "blue-otter");
            try (Peer visitor = Peer.visiting(server.httpPort())) {
                visitor.send(HttpAnswer.get("blue-otter.localhost:" + server.httpPort(), "/events"));
                assertThat(visitor.head()).contains("text/event-stream");
                for (int i = 0; i < events; i++) {
                    String event = "data: " + i + "\n\n";
                    assertThat(visitor.line()).isEqualTo(Integer.toHexString(event.length()));
                    assertThat(visitor.read(event.length() + 2)).asString().isEqualTo(event + "\r\n");
                    seen.release();
                }
                assertThat(visitor.line()).isEqualTo("0");
            }
        }
    }
}
