package tunnel.inspect.capture;

import java.nio.ByteBuffer;

/// Follows the frames of a WebSocket (RFC 6455, section 5.2) in one direction. One thread at a time.
final class FrameScan {
    private static final int LONGEST_HEAD = 14;

    private final byte[] head = new byte[LONGEST_HEAD];
    private int headLength;
    private long left; // of the payload

    /// Whether the head of a frame is complete, whose payload follows; or has no payload.
    boolean head(ByteBuffer data) {
        if (headLength >= 2 && headLength == needed()) {
            headLength = 0; // of the frame before
        }
        while (data.hasRemaining()) {
            head[headLength++] = data.get();
            if (headLength >= 2 && headLength == needed()) {
                left = length();
                return true;
            }
        }
        return false;
    }

    private int needed() {
        int length = head[1] & 0x7F;
        return 2 + (length == 127 ? 8 : length == 126 ? 2 : 0) + (isMasked() ? 4 : 0);
    }

    private long length() {
        int length = head[1] & 0x7F;
        if (length < 126) {
            return length;
        }
        ByteBuffer wrapped = ByteBuffer.wrap(head);
        return length == 126 ? wrapped.getShort(2) & 0xFFFF : wrapped.getLong(2) & Long.MAX_VALUE;
    }

    /// Whether payload of the present frame is still to come.
    boolean isInPayload() {
        return left > 0;
    }

    /// Counts so much of what is there as payload.
    int payload(int available) {
        int length = (int) Math.min(left, available);
        left -= length;
        return length;
    }

    /// All of it.
    long payloadLength() {
        return length();
    }

    boolean isFinal() {
        return (head[0] & 0x80) != 0;
    }

    /// Whether the payload is compressed, where that was agreed upon (RFC 7692, section 6).
    boolean isCompressed() {
        return (head[0] & 0x40) != 0;
    }

    int opcode() {
        return head[0] & 0x0F;
    }

    private boolean isMasked() {
        return (head[1] & 0x80) != 0;
    }

    /// What the payload is masked with; 0 where it is not.
    int mask() {
        return isMasked() ? ByteBuffer.wrap(head).getInt(headLength - 4) : 0;
    }
}
