package tunnel.inspect.capture;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// One direction of a stream: knows where in a message it is, and copies what may be kept. By the thread that carries that
/// direction's bytes, which it never keeps waiting; at the end by whoever ends the stream.
final class Half {
    private enum State {
        HEAD,
        LENGTH,
        CHUNKED,
        /// To the end of the stream.
        REST,
        /// A WebSocket's.
        FRAMES,
        /// Nobody knows what this is.
        IGNORED
    }

    /// The longest head that is waited for in pieces; the edge takes no longer one.
    private static final int LONGEST_HEAD = 64 << 10;
    private static final int LONGEST_TRAILERS = 8 << 10;
    private static final byte[] EMPTY = new byte[0];

    private final LiveTap tap;
    private final boolean fromLocal;
    private final HeadScan scan = new HeadScan();
    private final ChunkScan chunks = new ChunkScan();
    private @Nullable FrameCopy frames; // once the protocol was switched

    private State state = State.HEAD;
    private byte[] partial = EMPTY; // of a head that came in pieces
    private int partialLength;
    private long left; // of a body with a length
    private byte[] trailers = EMPTY;
    private int trailersLength;

    private @Nullable Flight flight; // of the present message; null where it is not captured
    private long bodyRoom; // bytes of the present body that may still be copied
    private boolean gap; // some of the present body were left out

    private byte @Nullable [] out; // copied, and not in the queue yet
    private int outHead;
    private int outLength;

    Half(LiveTap tap, boolean fromLocal) {
        this.tap = tap;
        this.fromLocal = fromLocal;
    }

    /// All of a connection that is not HTTP.
    void raw(Flight connection) {
        flight = connection;
        state = State.REST;
        bodyRoom = 0;
    }

    /// Looks at the next bytes, which are left as they are.
    void look(ByteBuffer data) {
        int at = data.position();
        int end = data.limit();
        while (at < end) {
            at = switch (state) {
                case HEAD -> head(data, at, end);
                case LENGTH -> length(data, at, end);
                case CHUNKED -> chunked(data, at, end);
                case REST -> rest(data, at, end);
                case FRAMES -> frames(data, at, end);
                case IGNORED -> end;
            };
        }
        flush(false);
    }

    private int head(ByteBuffer data, int from, int to) {
        if (partialLength > 0) {
            return headInPieces(data, from, to);
        }
        if (tap.isSwitched()) {
            switched();
            return from;
        }
        if (!fromLocal) {
            flight = tap.begin();
        }
        int end = scan.scan(data, from, to);
        if (end < 0) {
            keepPartial(data, from, to);
            return to;
        }
        begin(data, from, end, to);
        return end;
    }

    private int headInPieces(ByteBuffer data, int from, int to) {
        int before = partialLength;
        keepPartial(data, from, to);
        if (state == State.IGNORED) {
            return to;
        }
        ByteBuffer whole = ByteBuffer.wrap(partial, 0, partialLength);
        int end = scan.scan(whole, 0, partialLength);
        if (end < 0) {
            return to;
        }
        partialLength = 0;
        begin(whole, 0, end, end + to - from);
        return from + end - before;
    }

    private void keepPartial(ByteBuffer data, int from, int to) {
        int length = partialLength + to - from;
        if (length > LONGEST_HEAD) {
            ignore("its head is longer than 64 KiB");
            return;
        }
        if (length > partial.length) {
            partial = Arrays.copyOf(partial, Math.max(1 << 10, Integer.highestOneBit(length) * 2));
        }
        data.get(from, partial, partialLength, to - from);
        partialLength = length;
    }

    /// A head is there.
    ///
    /// @param to where the bytes end that have come with it
    private void begin(ByteBuffer data, int from, int end, int to) {
        if (fromLocal) {
            if (scan.status() == 0) {
                ignore("the local service's answer is not HTTP");
                return;
            }
            if (scan.status() < 200 && scan.status() != 101) {
                return; // another head follows
            }
            flight = tap.current();
        }
        Flight captured = flight;
        if (captured != null) {
            if (fromLocal) {
                captured.responseBegan(System.nanoTime());
            }
            bodyRoom = tap.capture().bodyRoom(fromLocal && scan.isEventStream());
            gap = false;
            int room = (int) Math.min(bodyRoom, to - end);
            if (room > 0 && !tap.capture().mayCopy(room)) {
                room = 0;
            }
            out = new byte[end - from + room];
            data.get(from, out, 0, end - from);
            outHead = end - from;
            outLength = outHead;
        }
        body();
    }

    private void body() {
        if (fromLocal && scan.status() == 101) {
            tap.switched(scan.isWebSocket());
            flush(false);
            switched();
            return;
        }
        boolean none = fromLocal && (tap.isToHead() || scan.status() == 204 || scan.status() == 304);
        if (!fromLocal) {
            tap.toHead(scan.isHead());
        }
        if (none) {
            done();
        } else if (scan.isChunked()) {
            chunks.begin();
            trailersLength = 0;
            state = State.CHUNKED;
        } else if (scan.length() > 0) {
            left = scan.length();
            state = State.LENGTH;
        } else if (fromLocal && scan.length() < 0) {
            state = State.REST;
        } else {
            done();
        }
    }

    private void switched() {
        Flight captured = tap.current();
        flight = captured;
        bodyRoom = 0;
        if (captured != null && tap.isWebSocket() && tap.capture().keepsBodies()) {
            frames = new FrameCopy(captured, fromLocal, tap.capture());
            state = State.FRAMES;
        } else {
            state = State.REST;
        }
    }

    private int length(ByteBuffer data, int from, int to) {
        int length = (int) Math.min(left, to - from);
        copy(data, from, length, to);
        left -= length;
        if (left == 0) {
            done();
        }
        return from + length;
    }

    private int rest(ByteBuffer data, int from, int to) {
        copy(data, from, to - from, to);
        return to;
    }

    private int chunked(ByteBuffer data, int from, int to) {
        int at = chunks.frames(data, from, to);
        if (flight != null && chunks.trailersAt() < at) {
            trailer(data, chunks.trailersAt(), at);
        }
        if (chunks.isBroken()) {
            ignore(fromLocal ? "the response's chunks are malformed" : "the request's chunks are malformed");
            return to;
        }
        if (chunks.isComplete()) {
            trailersDone();
            done();
            return at;
        }
        int length = chunks.data(at, to);
        copy(data, at, length, to);
        return at + length;
    }

    private void trailer(ByteBuffer data, int from, int to) {
        int length = to - from;
        if (trailersLength + length > LONGEST_TRAILERS) {
            return;
        }
        if (trailersLength + length > trailers.length) {
            trailers = Arrays.copyOf(trailers, Math.max(64, 2 * (trailersLength + length)));
        }
        data.get(from, trailers, trailersLength, length);
        trailersLength += length;
    }

    private void trailersDone() {
        Flight captured = flight;
        int length = trailersLength;
        trailersLength = 0;
        if (captured != null && length > "\r\n".length()) {
            flush(false);
            tap.capture().offer(new Note.Trailers(captured, fromLocal, Arrays.copyOf(trailers, length)));
        }
    }

    private int frames(ByteBuffer data, int from, int to) {
        FrameCopy copy = frames;
        if (copy != null) {
            count(to - from);
            copy.look(data.duplicate().position(from).limit(to));
        }
        return to;
    }

    private void copy(ByteBuffer data, int from, int length, int to) {
        count(length);
        Flight captured = flight;
        if (length == 0 || captured == null) {
            return;
        }
        int wanted = (int) Math.min(bodyRoom, length);
        byte[] target = out;
        if (wanted > 0 && target == null) {
            target = tap.capture().mayCopy(wanted) ? new byte[(int) Math.min(bodyRoom, to - from)] : null;
            out = target;
            outHead = 0;
            outLength = 0;
        }
        int fits = target == null ? 0 : Math.min(wanted, target.length - outLength);
        if (fits > 0 && target != null) {
            data.get(from, target, outLength, fits);
            outLength += fits;
            bodyRoom -= fits;
        }
        if (fits < length) {
            left();
        }
    }

    /// Some of a body was not copied. Of one that is kept by its beginning nothing more is needed then.
    private void left() {
        gap = true;
        if (bodyRoom != Capture.ENDLESS) {
            bodyRoom = 0;
        }
    }

    private void count(long bytes) {
        Flight captured = flight;
        if (captured != null && bytes > 0) {
            captured.count(fromLocal, bytes);
        }
    }

    /// The present message ends here.
    private void done() {
        flush(true);
        state = State.HEAD;
    }

    private void flush(boolean done) {
        Flight captured = flight;
        byte[] bytes = out;
        if (captured == null || (bytes == null && !done)) {
            return;
        }
        boolean queued = tap.capture().offer(new Note.Piece(
                captured, fromLocal, bytes == null ? EMPTY : bytes, bytes == null ? 0 : outHead, bytes == null ? 0 : outLength, gap, done));
        if (!queued && outHead > 0 && bytes != null) {
            tap.capture().lose(captured);
            flight = null;
        } else if (!queued) {
            left();
        } else {
            gap = false;
        }
        out = null;
        if (done) {
            captured.done(fromLocal, System.nanoTime());
        }
    }

    private void ignore(String why) {
        state = State.IGNORED;
        Flight captured = fromLocal ? tap.current() : flight;
        if (captured != null) {
            captured.fail(why);
        }
    }

    /// The local service's half has ended in order, though perhaps not where a message does.
    void end() {
        Flight captured = tap.current();
        if (captured == null || captured.isResponseDone()) {
            return;
        }
        if (state == State.REST || state == State.FRAMES) {
            captured.orderlyEnd();
            flush(true);
        } else {
            captured.fail(captured.responseAt() == 0
                    ? "the local service closed the connection without an answer"
                    : "the local service broke off its answer");
        }
    }
}
