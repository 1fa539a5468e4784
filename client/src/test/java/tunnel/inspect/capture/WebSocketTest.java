package tunnel.inspect.capture;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tunnel.events.Exchange;
import tunnel.inspect.CaptureScene;
import tunnel.inspect.store.Detail;
import tunnel.inspect.store.Message;
import tunnel.inspect.store.Recorded;
import tunnel.inspect.store.Store;

class WebSocketTest {
    private static final String REQUEST = "GET /chat HTTP/1.1\r\nHost: a.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
    private static final int FINAL = 0x80;
    private static final int COMPRESSED = 0x40;

    private static String response(String extensions) {
        return "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" + extensions + "\r\n";
    }

    private static byte[] frame(int first, boolean masked, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(payload.length + 14);
        frame.put((byte) first);
        int mask = masked ? 0x80 : 0;
        if (payload.length < 126) {
            frame.put((byte) (mask | payload.length));
        } else if (payload.length < 65536) {
            frame.put((byte) (mask | 126)).putShort((short) payload.length);
        } else {
            frame.put((byte) (mask | 127)).putLong(payload.length);
        }
        byte[] key = {1, 2, 3, 4};
        if (masked) {
            frame.put(key);
        }
        for (int i = 0; i < payload.length; i++) {
            frame.put((byte) (payload[i] ^ (masked ? key[i % 4] : 0)));
        }
        return Arrays.copyOf(frame.array(), frame.position());
    }

    private static byte[] frame(int first, boolean masked, String payload) {
        return frame(first, masked, payload.getBytes(UTF_8));
    }

    private static void send(StreamTap tap, boolean fromLocal, int size, byte[]... frames) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] frame : frames) {
            all.writeBytes(frame);
        }
        byte[] bytes = all.toByteArray();
        for (int at = 0; at < bytes.length; at += size) {
            ByteBuffer piece = ByteBuffer.wrap(bytes, at, Math.min(size, bytes.length - at));
            if (fromLocal) {
                tap.fromLocal(piece);
            } else {
                tap.fromVisitor(piece);
            }
        }
    }

    private static List<String> texts(Detail detail) {
        return detail.messages().stream()
                .map(one -> (one.fromVisitor() ? "> " : "< ") + one.type() + " " + new String(one.kept(), UTF_8))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 1000})
    void messagesAreUnmaskedAndJoinedHoweverTheyAreCut(int size) {
        try (CaptureScene scene = new CaptureScene("password")) {
            StreamTap tap = scene.stream();
            tap.fromVisitor(CaptureScene.bytes(REQUEST));
            tap.fromLocal(CaptureScene.bytes(response("")));
            send(tap, false, size,
                    frame(FINAL | 1, true, "hello"),
                    frame(1, true, "in "),
                    frame(FINAL | 9, true, "ping"),
                    frame(0, true, "three "),
                    frame(FINAL, true, "parts"),
                    frame(FINAL | 1, true, ""),
                    frame(FINAL | 1, true, "{\"password\":\"x\"}"));
            send(tap, true, size, frame(FINAL | 2, false, new byte[] {0, 1}), frame(FINAL | 8, false, ""));
            tap.ended(true);

            Detail detail = scene.over(1);
            assertThat(detail.exchange())
                    .returns(Exchange.Kind.WEBSOCKET, Exchange::kind)
                    .returns(Exchange.State.COMPLETE, Exchange::state)
                    .returns(101, Exchange::status);
            assertThat(texts(detail)).containsExactly(
                    "> TEXT hello", "> PING ping", "> TEXT in three parts", "> TEXT ", "> TEXT {\"password\":\"[masked]\"}",
                    "< BINARY \0\u0001", "< CLOSE ");
        }
    }

    @Test
    void ofALongMessageTheBeginningIsKeptAndTheNextOneIsFound() {
        try (CaptureScene scene = new CaptureScene()) {
            StreamTap tap = scene.stream();
            tap.fromVisitor(CaptureScene.bytes(REQUEST));
            tap.fromLocal(CaptureScene.bytes(response("")));
            send(tap, true, 30_000, frame(FINAL | 1, false, "x".repeat(300_000)), frame(FINAL | 1, false, "next"));
            tap.ended(true);

            Message first = scene.over(1).messages().getFirst();
            assertThat(first.bytes()).isEqualTo(300_000);
            assertThat(first.truncated()).isTrue();
            assertThat(first.kept()).hasSize(64 << 10);
            assertThat(texts(scene.detail(1)).getLast()).isEqualTo("< TEXT next");
        }
    }

    @Test
    void compressedMessagesAreInflatedWithWhatTheyBuildOn() {
        try (CaptureScene scene = new CaptureScene("password")) {
            StreamTap tap = scene.stream();
            tap.fromVisitor(CaptureScene.bytes(REQUEST));
            tap.fromLocal(CaptureScene.bytes(response("Sec-WebSocket-Extensions: permessage-deflate\r\n")));
            Deflater deflater = new Deflater(6, true);
            byte[] first = deflated(deflater, "hello hello hello {\"password\":\"x\"}");
            byte[] second = deflated(deflater, "hello hello hello again");
            deflater.end();
            send(tap, true, 1000,
                    frame(FINAL | COMPRESSED | 1, false, first),
                    frame(COMPRESSED | 1, false, Arrays.copyOf(second, 3)),
                    frame(FINAL, false, Arrays.copyOfRange(second, 3, second.length)),
                    frame(FINAL | 1, false, "plain"));
            tap.ended(true);

            assertThat(texts(scene.over(1))).containsExactly(
                    "< TEXT hello hello hello {\"password\":\"[masked]\"}", "< TEXT hello hello hello again", "< TEXT plain");
        }
    }

    @Test
    void whatCannotBeInflatedIsSaidToBeCompressed() {
        try (CaptureScene scene = new CaptureScene()) {
            StreamTap tap = scene.stream();
            tap.fromVisitor(CaptureScene.bytes(REQUEST));
            tap.fromLocal(CaptureScene.bytes(response("Sec-WebSocket-Extensions: permessage-deflate\r\n")));
            send(tap, true, 1000, frame(FINAL | COMPRESSED | 1, false, new byte[] {-1, -1, -1, 7}));
            tap.ended(true);

            assertThat(scene.over(1).messages().getFirst().type()).isEqualTo(Message.Type.COMPRESSED);
        }
    }

    private static byte[] deflated(Deflater deflater, String text) {
        byte[] out = new byte[1000];
        deflater.setInput(text.getBytes(UTF_8));
        int length = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
        return Arrays.copyOf(out, length - 4); // RFC 7692, section 7.2.1
    }

    @Test
    void whatCannotBeMaskedIsWithheldAndTextInBinaryMessagesIsMasked() {
        try (CaptureScene scene = new CaptureScene("password")) {
            StreamTap tap = scene.stream();
            tap.fromVisitor(CaptureScene.bytes(REQUEST));
            tap.fromLocal(CaptureScene.bytes(response("Sec-WebSocket-Extensions: permessage-deflate\r\n")));
            send(tap, true, 1000,
                    frame(FINAL | COMPRESSED | 1, false, new byte[] {-1, -1, -1, 7}),
                    frame(FINAL | 2, false, "{\"password\":\"x\"}"));
            tap.ended(true);

            assertThat(texts(scene.over(1))).containsExactly("< COMPRESSED ", "< BINARY {\"password\":\"[masked]\"}");
            assertThat(scene.detail(1).messages().getFirst().truncated()).isTrue();
        }
    }

    @Test
    void ofAMessageInPiecesWhatIsKeptHasNoHoles() {
        try (CaptureScene scene = new CaptureScene()) {
            StreamTap tap = scene.stream();
            tap.fromVisitor(CaptureScene.bytes(REQUEST));
            tap.fromLocal(CaptureScene.bytes(response("")));
            send(tap, true, 30_000,
                    frame(1, false, "x".repeat(60_000)), frame(0, false, "y".repeat(60_000)), frame(FINAL, false, "z".repeat(10)));
            tap.ended(true);

            Message first = scene.over(1).messages().getFirst();
            assertThat(first.bytes()).isEqualTo(120_010);
            assertThat(first.kept()).asString(UTF_8).isEqualTo("x".repeat(60_000) + "y".repeat((64 << 10) - 60_000));
        }
    }

    @Test
    void messagesOfWhatHasLeftTheStoreTakeNoRoom() {
        Store.Bounds one = new Store.Bounds(256 << 10, 1 << 20, 1);
        AtomicReference<@Nullable Recorded> open = new AtomicReference<>();
        try (CaptureScene scene = new CaptureScene(Capture.Mode.FULL, Capture.Limits.DEFAULT, one)) {
            StreamTap tap = scene.stream();
            tap.fromVisitor(CaptureScene.bytes(REQUEST));
            tap.fromLocal(CaptureScene.bytes(response("")));
            await().atMost(CaptureScene.PATIENCE).until(() -> {
                open.set(scene.store().get(1));
                return open.get() != null;
            });
            Recorded recorded = Objects.requireNonNull(open.get());
            send(tap, true, 1000, frame(FINAL | 1, false, "before"));
            await().atMost(CaptureScene.PATIENCE).until(() -> recorded.detail().messages().size() == 1);
            scene.exchange("GET /next HTTP/1.1\r\nHost: a.example\r\n\r\n", "HTTP/1.1 204 No Content\r\n\r\n").over(2);
            send(tap, true, 1000, frame(FINAL | 1, false, "behind"));
            await().atMost(CaptureScene.PATIENCE).until(() -> recorded.detail().messages().isEmpty());
            send(tap, true, 1000, frame(FINAL | 1, false, "at last"));
            tap.ended(true);

            await().atMost(CaptureScene.PATIENCE).until(() -> recorded.exchange().state() != Exchange.State.RUNNING);
            assertThat(recorded.detail().messages()).isEmpty();
            assertThat(recorded.detail().messagesDropped()).isEqualTo(3);
        }
    }

    @Test
    void whatInflatesBeyondTheAllowanceIsOnlyCountedAndSoAreFramesWithoutNumber() {
        Capture.Limits few = new Capture.Limits(1 << 20, 100, 1, 50_000, 1);
        try (CaptureScene scene = new CaptureScene(Capture.Mode.FULL, few, Store.Bounds.DEFAULT)) {
            StreamTap tap = scene.stream();
            tap.fromVisitor(CaptureScene.bytes(REQUEST));
            tap.fromLocal(CaptureScene.bytes(response("Sec-WebSocket-Extensions: permessage-deflate\r\n")));
            Deflater deflater = new Deflater(6, true);
            byte[] large = deflated(deflater, "x".repeat(200_000));
            deflater.end();
            send(tap, true, 1000, frame(FINAL | COMPRESSED | 1, false, large));
            await().atMost(CaptureScene.PATIENCE).until(() -> {
                Recorded recorded = scene.store().get(1);
                return recorded != null && !recorded.detail().messages().isEmpty();
            });
            for (int i = 0; i < 100; i++) {
                send(tap, true, 1000, frame(FINAL | 1, false, ""));
            }
            tap.ended(true);

            assertThat(texts(scene.over(1))).hasSize(1).first().asString().startsWith("< COMPRESSED");
        }
    }

    @Test
    void messagesThatDoNotEndHaveSoMuchRoomTogether() {
        int most = (int) Math.min(16 << 20, Runtime.getRuntime().maxMemory() / 16);
        Capture.Limits plenty = new Capture.Limits(1 << 30, 10_000, 10_000, 1L << 40, 1L << 40);
        try (CaptureScene scene = new CaptureScene(Capture.Mode.FULL, plenty, Store.Bounds.DEFAULT)) {
            int many = most / 60_000 + 2;
            List<StreamTap> taps = new ArrayList<>();
            for (int i = 0; i < many; i++) {
                StreamTap tap = scene.stream();
                taps.add(tap);
                tap.fromVisitor(CaptureScene.bytes(REQUEST));
                tap.fromLocal(CaptureScene.bytes(response("")));
                send(tap, true, 60_010, frame(1, false, "x".repeat(60_000)));
            }
            send(taps.getLast(), true, 1000, frame(FINAL, false, ""));
            taps.getLast().ended(true);
            assertThat(scene.over(many).messages().getFirst().kept()).isEmpty();

            taps.forEach(tap -> tap.ended(true)); // which gives it back
            scene.over(1);
            scene.over(many - 1);
            StreamTap next = scene.stream();
            next.fromVisitor(CaptureScene.bytes(REQUEST));
            next.fromLocal(CaptureScene.bytes(response("")));
            send(next, true, 60_010, frame(FINAL | 1, false, "x".repeat(60_000)));
            next.ended(true);
            assertThat(scene.over(many + 1).messages().getFirst().kept()).hasSize(60_000);
        }
    }

    @Test
    void theLastThousandMessagesAreKept() {
        try (CaptureScene scene = new CaptureScene()) {
            StreamTap tap = scene.stream();
            tap.fromVisitor(CaptureScene.bytes(REQUEST));
            tap.fromLocal(CaptureScene.bytes(response("")));
            for (int i = 0; i < 1500; i++) {
                send(tap, true, 1000, frame(FINAL | 1, false, "n" + i));
            }
            tap.ended(true);

            Detail detail = scene.over(1);
            assertThat(detail.messages()).hasSize(1000);
            assertThat(texts(detail).getFirst()).isEqualTo("< TEXT n500");
            assertThat(detail.messagesDropped()).isEqualTo(500);
        }
    }
}
