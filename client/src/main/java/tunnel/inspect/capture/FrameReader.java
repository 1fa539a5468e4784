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
    private static final int SMALL = 4 << 10; // of a buffer that is kept for the next one
    /// A message that is, or becomes, larger than this is not inflated to its end, and with it the memory that later ones build on
    /// is lost.
    private static final int MOST_INFLATED = 1 << 20;
    private static final byte[] TAIL = {0, 0, (byte) 0xFF, (byte) 0xFF}; // RFC 7692, section 7.2.2

    private final Recording recording;
    private final boolean ofVisitor;
    private final boolean deflates;
    private final boolean forgets; // each message stands alone
    private @Nullable Inflater inflater;
    private boolean blind; // what later messages build on was not captured

    private ByteArrayOutputStream message = new ByteArrayOutputStream(); // the one of several frames
    private long messageBytes;
    private int messageOpcode;
    private boolean messageCompressed;
    private boolean headless; // the present one's beginning was not captured, without which nothing of it can be masked

    private Note.@Nullable FrameStart frame;
    private ByteArrayOutputStream payload = new ByteArrayOutputStream();
    private boolean payloadCut; // there was no room for more of it
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
            message = emptied(message);
            messageBytes = 0;
            headless = true;
            blind |= deflates && !forgets;
        }
        frame = start;
        frameLeft = Math.min(start.head().payload(), FrameCopy.MOST);
        add(start.bytes());
    }

    void more(Note.FrameMore more) {
        add(more.bytes());
    }

    private void add(byte[] bytes) {
        payloadCut = payloadCut || !recording.reserve(bytes.length);
        if (!payloadCut) {
            payload.writeBytes(bytes);
        }
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
        payload = emptied(payload);
        payloadCut = false;
        unmask(bytes, head.mask());
        if (head.opcode() >= 8) {
            tell(control(head.opcode()), bytes, head.payload(), bytes.length < head.payload(), ended.nanos());
            return;
        }
        if (head.opcode() != 0) {
            message = emptied(message);
            messageBytes = 0;
            headless = false;
            messageOpcode = head.opcode();
            messageCompressed = deflates && head.compressed();
        }
        boolean whole = message.size() == messageBytes; // what follows a hole is of no use
        int room = (messageCompressed ? MOST_INFLATED : MOST) - message.size();
        int fits = whole && !headless ? Math.min(bytes.length, room) : 0;
        message.write(bytes, 0, recording.reserve(fits) ? fits : 0);
        messageBytes += head.payload();
        if (head.isFinal() && headless) {
            recording.missed(1);
        } else if (head.isFinal()) {
            message(ended.nanos());
        }
    }

    private void message(long nanos) {
        byte[] bytes = message.toByteArray();
        message = emptied(message);
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

    /// Connections may be many and idle: a large buffer is not kept.
    private ByteArrayOutputStream emptied(ByteArrayOutputStream buffer) {
        recording.release(buffer.size());
        if (buffer.size() > SMALL) {
            return new ByteArrayOutputStream();
        }
        buffer.reset();
        return buffer;
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

    private boolean inflate(Inflater by, byte[] bytes, ByteArrayOutputStream out) throws DataFormatException {
        byte[] chunk = new byte[8 << 10];
        by.setInput(bytes);
        for (int length = by.inflate(chunk); length > 0; length = by.inflate(chunk)) {
            out.write(chunk, 0, length);
            if (out.size() > MOST_INFLATED || !recording.mayInflate(length)) {
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
        message = emptied(message);
        payload = emptied(payload);
        blind = true;
    }
}
