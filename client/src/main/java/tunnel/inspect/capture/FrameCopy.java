package tunnel.inspect.capture;

import java.nio.ByteBuffer;

/// Copies the frames of a WebSocket in one direction: of each its head and the beginning of its payload. By the thread that carries
/// the bytes.
final class FrameCopy {
    /// Of each payload. A message that is longer is not read by anybody, and a compressed one is of use only as a whole.
    static final int MOST = 64 << 10;
    /// What a frame takes of the allowance in bytes before its payload, for the time that it takes of the processor.
    private static final int COST = 1 << 10;
    private static final byte[] EMPTY = new byte[0];

    private final Flight flight;
    private final boolean fromLocal;
    private final Capture capture;
    private final FrameScan scan = new FrameScan();
    private int room; // of the present payload
    private long missed; // frames, since the last that had room in the queue

    FrameCopy(Flight flight, boolean fromLocal, Capture capture) {
        this.flight = flight;
        this.fromLocal = fromLocal;
        this.capture = capture;
    }

    void look(ByteBuffer data) {
        while (data.hasRemaining()) {
            if (scan.isInPayload()) {
                more(data);
            } else if (scan.head(data)) {
                start(data);
            }
        }
    }

    private void start(ByteBuffer data) {
        room = MOST;
        Note.FrameHead head = new Note.FrameHead(
                scan.opcode(), scan.isFinal(), scan.isCompressed(), scan.mask(), scan.payloadLength());
        if (!capture.mayCopy(COST)) {
            missed++;
            room = 0;
            payload(data);
            return;
        }
        byte[] bytes = payload(data);
        if (capture.offer(new Note.FrameStart(flight, fromLocal, head, bytes, missed, System.nanoTime()))) {
            missed = 0;
        } else {
            missed++;
            room = 0;
        }
    }

    private void more(ByteBuffer data) {
        byte[] bytes = payload(data);
        if (bytes.length > 0 && !capture.offer(new Note.FrameMore(flight, fromLocal, bytes))) {
            room = 0;
        }
    }

    private byte[] payload(ByteBuffer data) {
        int length = scan.payload(data.remaining());
        int wanted = Math.min(room, length);
        byte[] bytes = EMPTY;
        if (wanted > 0 && capture.mayCopy(wanted)) {
            bytes = new byte[wanted];
            data.get(data.position(), bytes);
        }
        room = bytes.length == length ? room - length : 0; // what follows a hole is of no use
        data.position(data.position() + length);
        return bytes;
    }
}
