package tunnel.browser;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import tunnel.e2e.Peer;

/// As much of the WebSocket protocol as an echo of short messages needs.
final class Frames {
    private static final String MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; // RFC 6455, section 1.3
    private static final int CLOSE = 8;

    private Frames() {}

    /// Switches protocols and answers each message with the same, until one closes.
    ///
    /// @param before stands before each answer
    static void echo(String key, String before, Peer visitor) throws IOException {
        visitor.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                + accept(key) + "\r\n\r\n");
        int kind = 0;
        while (kind != CLOSE) {
            byte[] start = visitor.read(2);
            kind = start[0] & 0x0F;
            byte[] mask = visitor.read(4);
            byte[] payload = visitor.read(start[1] & 0x7F);
            for (int i = 0; i < payload.length; i++) {
                payload[i] ^= mask[i % 4];
            }
            String answer = (kind == CLOSE ? "" : before) + new String(payload, ISO_8859_1);
            visitor.send(new byte[] {start[0], (byte) answer.length()}).send(answer);
        }
    }

    private static String accept(String key) {
        try {
            return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1").digest((key + MAGIC).getBytes(ISO_8859_1)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
