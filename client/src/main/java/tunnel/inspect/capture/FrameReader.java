package tunnel.inspect.capture;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;
import tunnel.inspect.store.Message;

/// Puts the messages of a WebSocket's one direction together: payloads unmasked, fragments joined, and inflated where
/// `permessage-deflate` was agreed upon (RFC 7692). The capture's thread only.
final class FrameReader implements AutoCloseable {
    private static final int MOST = 64 << 10; // of a message
    /// A message that becomes larger than this is not inflated to its end, and with it the memory that later ones build on is lost.
    private static final int MOST_INFLATED = 1 << 20;
    private static final byte[] TAIL = {0, 0, (byte) 0xFF, (byte) 0xFF}; // RFC 7692, section 7.2.2

    private final Recording recording;
    private final boolean ofVisitor;
    private final boolean deflates;
    private final boolean forgets; // each message stands alone
    private @Nullable Inflater inflater;
    private boolean blind; // what later messages build on was not captured

    private final ByteArrayOutputStream message = new ByteArrayOutputStream(); // the one of several frames
    private long messageBytes;
    private int messageOpcode;
    private boolean messageCompressed;

    private Note.@Nullable FrameStart frame;
    private final ByteArrayOutputStream payload = new ByteArrayOutputStream();
    private long frameLeft; // of the present one, that notes may still bring

    /// @param extensions as the response agreed to them
    FrameReader(Recording recording, boolean ofVisitor, String extensions) {
        this.recording = recording;
        this.ofVisitor = ofVisitor;
        String lower = extensions.toLowerCase(Locale.ROOT);
        this.deflates = lower.contains("permessage-deflate");
        this.forgets = lower.contains((ofVisitor ? "client" : "server") + "_no_context_takeover");
    }

    void start(Note.FrameStart start) {
        frameEnd();
        if (start.missed() > 0) {
            recording.missed(start.missed());
            message.reset();
            messageBytes = 0;
            blind |= deflates && !forgets;
        }
        frame = start;
        payload.reset();
        frameLeft = Math.min(start.head().payload(), FrameCopy.MOST);
        add(start.bytes());
    }

    void more(Note.FrameMore more) {
        add(more.bytes());
    }

    private void add(byte[] bytes) {
        payload.writeBytes(bytes);
        frameLeft -= bytes.length;
        if (frameLeft <= 0) {
            frameEnd();
        }
    }

    /// All of the frame is there that will be.
    private void frameEnd() {
        Note.FrameStart ended = frame;
        if (ended == null) {
            return;
        }
        frame = null;
        Note.FrameHead head = ended.head();
        byte[] bytes = payload.toByteArray();
        unmask(bytes, head.mask());
        if (head.opcode() >= 8) {
            tell(control(head.opcode()), bytes, head.payload(), bytes.length < head.payload(), ended.nanos());
            return;
        }
        if (head.opcode() != 0) {
            message.reset();
            messageBytes = 0;
            messageOpcode = head.opcode();
            messageCompressed = deflates && head.compressed();
        }
        messageBytes += head.payload();
        message.writeBytes(message.size() + bytes.length > MOST_INFLATED ? new byte[0] : bytes);
        if (head.isFinal()) {
            message(ended.nanos());
        }
    }

    private void message(long nanos) {
        byte[] bytes = message.toByteArray();
        message.reset();
        boolean whole = bytes.length == messageBytes;
        Message.Type type = messageOpcode == 1 ? Message.Type.TEXT : Message.Type.BINARY;
        if (messageCompressed) {
            byte[] inflated = whole && !blind ? inflate(bytes) : null;
            if (inflated == null) {
                blind |= !forgets;
                tell(Message.Type.COMPRESSED, bytes, messageBytes, !whole, nanos);
                return;
            }
            bytes = inflated;
            messageBytes = inflated.length;
        }
        tell(type, bytes, messageBytes, !whole, nanos);
        messageBytes = 0;
    }

    private static void unmask(byte[] bytes, int mask) {
        for (int i = 0; mask != 0 && i < bytes.length; i++) {
            bytes[i] ^= (byte) (mask >>> (24 - 8 * (i % 4)));
        }
    }

    private static Message.Type control(int opcode) {
        return opcode == 9 ? Message.Type.PING : opcode == 10 ? Message.Type.PONG : Message.Type.CLOSE;
    }

    private void tell(Message.Type type, byte[] bytes, long length, boolean cut, long nanos) {
        byte[] kept = bytes.length > MOST ? Arrays.copyOf(bytes, MOST) : bytes;
        recording.add(new Message(recording.micros(nanos), ofVisitor, type, kept, length, cut || kept.length < length));
    }

    /// @return null where it becomes too large, or is no deflated data
    private byte @Nullable [] inflate(byte[] bytes) {
        Inflater by = inflater;
        if (by == null) {
            by = new Inflater(true);
            inflater = by;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            if (inflate(by, bytes, out) && inflate(by, TAIL, out)) {
                return out.toByteArray();
            }
        } catch (DataFormatException e) {
            // it is not what it says, or what it builds on is missing
        } finally {
            if (forgets) {
                by.reset();
            }
        }
        return null;
    }

    private static boolean inflate(Inflater by, byte[] bytes, ByteArrayOutputStream out) throws DataFormatException {
        byte[] chunk = new byte[8 << 10];
        by.setInput(bytes);
        for (int length = by.inflate(chunk); length > 0; length = by.inflate(chunk)) {
            out.write(chunk, 0, length);
            if (out.size() > MOST_INFLATED) {
                return false;
            }
        }
        return by.needsInput();
    }

    /// Gives the inflater's memory back.
    @Override
    public void close() {
        Inflater by = inflater;
        if (by != null) {
            by.end();
            inflater = null;
        }
        blind = true;
    }
}
