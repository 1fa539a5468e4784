package tunnel.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/// The frames of RFC 6455 as a local service sees and sends them, without looking at what they mean.
final class WebSocketOrigin {
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;

    private static final String MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; // RFC 6455, section 1.3

    private WebSocketOrigin() {}

    /// A frame, its mask taken off.
    ///
    /// @param opcode 0 where it carries on the message before
    record Frame(boolean last, int opcode, ByteBuffer payload) {}

    /// The answer to a handshake, more fields in it, each ended by CR LF.
    static String accepted(String head, String fields) {
        return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                + accept(HttpOrigin.field(head, "Sec-WebSocket-Key")) + "\r\n" + fields + "\r\n";
    }

    private static String accept(String key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-1").digest((key + MAGIC).getBytes(ISO_8859_1));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Accepts a handshake and sends every message back, pings answered, until a close, which it answers.
    static void echo(Peer visitor) throws IOException {
        visitor.send(accepted(visitor.head(), ""));
        Frame frame = read(visitor);
        while (frame.opcode() != CLOSE) {
            int opcode = frame.opcode() == PING ? PONG : frame.opcode();
            visitor.send(frame(frame.last(), opcode, frame.payload().array()));
            frame = read(visitor);
        }
        visitor.send(frame(true, CLOSE, frame.payload().array())).end();
    }

    static Frame read(Peer from) throws IOException {
        int first = from.read();
        int second = from.read();
        long length = second & 0x7F;
        if (length == 126) {
            length = ByteBuffer.wrap(from.read(2)).getShort() & 0xFFFF;
        } else if (length == 127) {
            length = ByteBuffer.wrap(from.read(8)).getLong();
        }
        byte[] mask = (second & 0x80) != 0 ? from.read(4) : new byte[4];
        byte[] payload = from.read(Math.toIntExact(length));
        for (int i = 0; i < payload.length; i++) {
            payload[i] ^= mask[i % 4];
        }
        return new Frame((first & 0x80) != 0, first & 0x0F, ByteBuffer.wrap(payload));
    }

    /// A frame without a mask.
    static byte[] frame(boolean last, int opcode, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(10 + payload.length).put((byte) ((last ? 0x80 : 0) | opcode));
        if (payload.length < 126) {
            frame.put((byte) payload.length);
        } else if (payload.length < 0x10000) {
            frame.put((byte) 126).putShort((short) payload.length);
        } else {
            frame.put((byte) 127).putLong(payload.length);
        }
        frame.put(payload).flip();
        byte[] bytes = new byte[frame.remaining()];
        frame.get(bytes);
        return bytes;
    }
}
