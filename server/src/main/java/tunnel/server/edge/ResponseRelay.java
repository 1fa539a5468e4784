package tunnel.server.edge;

import java.io.IOException;
import java.io.Serial;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tunnel.channel.Relay;
import tunnel.channel.StreamInput;
import tunnel.channel.StreamOutput;
import tunnel.http.BadMessageException;
import tunnel.http.ChunkWriter;
import tunnel.http.ChunkedBody;
import tunnel.http.Framing;
import tunnel.http.ResponseHead;
import tunnel.http.Rule;
import tunnel.net.Buffers;

/// Takes one response after another from a connection to the local service and passes each on to its visitor as it comes.
/// On the data channel's thread alone.
final class ResponseRelay implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ResponseRelay.class);

    private final StreamInput in;
    private final Buffers buffers;
    private final FieldEdits edits;
    private final ResponseHead head = new ResponseHead();
    private final ChunkedBody chunks = new ChunkedBody();

    private ByteBuffer source = ByteBuffer.allocate(0); // what has come and was not passed on yet
    private @Nullable ByteBuffer parts; // a head that did not come in one piece
    private @Nullable ByteBuffer out; // while a response is passed on
    private int outStart; // where in it begins what was not written yet
    private boolean orderly;
    private boolean switched;

    ResponseRelay(StreamInput in, Buffers buffers, FieldEdits edits) {
        this.in = in;
        this.buffers = buffers;
        this.edits = edits;
    }

    /// The visitor does not take what is written to it.
    private static final class VisitorLeft extends Exception {
        @Serial
        private static final long serialVersionUID = 1;

        @Override
        public Throwable fillInStackTrace() {
            return this;
        }
    }

    /// The response ends before its end.
    private static final class Truncated extends Exception {
        @Serial
        private static final long serialVersionUID = 1;

        @Override
        public Throwable fillInStackTrace() {
            return this;
        }
    }

    /// Passes one response on.
    ///
    /// @param first what has come of it
    /// @return whether the connection can carry another
    /// @throws IOException when the stream broke; the exchange has yet to be told
    boolean relay(Exchange exchange, ByteBuffer first, StreamOutput request) throws IOException {
        source = first;
        exchange.responseBegan();
        orderly = false;
        try {
            readHead();
            while (head.isInterim()) {
                if (exchange.request().takesInterim()) {
                    passInterim(exchange);
                }
                readHead();
            }
            if (head.status() == 101) {
                relaySwitched(exchange, request);
                return false;
            }
            return relayFinal(exchange);
        } catch (BadMessageException e) {
            exchange.failBadResponse(e);
            return false;
        } catch (VisitorLeft e) {
            exchange.visitorLeft();
            return false;
        } catch (Truncated e) {
            log.debug("{}: its response was cut off", exchange.visitor().id());
            exchange.fail(ErrorPage.LOCAL_LOST);
            return false;
        } finally {
            giveOut();
            giveParts();
        }
    }

    /// Whether the other protocol has taken over, and the stream is the visitor's thread's to end.
    boolean hasSwitched() {
        return switched;
    }

    /// Whether the connection, which can carry no other exchange, ends in order: the local service has said so.
    boolean isOrderly() {
        return orderly;
    }

    private void readHead() throws IOException, BadMessageException, Truncated {
        if (!source.hasRemaining()) {
            source = next();
        }
        head.begin(source.position());
        int end = head.read(source, source.limit());
        if (end >= 0) {
            source.position(end);
        } else {
            collectHead();
        }
    }

    /// The head comes in pieces: they are put together, which takes room for all of it.
    private void collectHead() throws IOException, BadMessageException, Truncated {
        ByteBuffer collected = buffers.take(Math.max(source.remaining() + 1, Buffers.SMALL));
        int end = -1;
        try {
            head.begin(0);
            while (end < 0) {
                if (!source.hasRemaining()) {
                    source = next();
                }
                collected = withRoom(collected);
                int length = Math.min(source.remaining(), collected.remaining());
                collected.put(source.slice(source.position(), length));
                source.position(source.position() + length);
                end = head.read(collected, collected.position());
            }
        } finally {
            giveParts();
            parts = collected; // which the head still points into
        }
        // what came behind the head in the same piece was not consumed: the piece is still there
        int beyond = collected.position() - end;
        source.position(source.position() - beyond);
    }

    private ByteBuffer withRoom(ByteBuffer collected) throws BadMessageException {
        if (collected.hasRemaining()) {
            return collected;
        }
        if (collected.capacity() >= Buffers.LARGE) {
            throw new BadMessageException(Rule.HEAD_TOO_LARGE);
        }
        ByteBuffer larger = buffers.take(collected.capacity() + 1).put(collected.flip());
        buffers.give(collected);
        return larger;
    }

    private ByteBuffer next() throws IOException, Truncated {
        ByteBuffer data = in.next();
        if (data == null) {
            throw new Truncated();
        }
        return data;
    }

    private void passInterim(Exchange exchange) throws VisitorLeft {
        ByteBuffer buffer = takeOut(headLength());
        new ResponseForwarding(false, false).write(head, edits, buffer);
        try {
            exchange.visitor().writeInterim(exchange, buffer.flip());
        } catch (IOException e) {
            throw new VisitorLeft();
        }
        buffer.clear();
    }

    private boolean relayFinal(Exchange exchange) throws IOException, VisitorLeft, Truncated, BadMessageException {
        Framing framing = head.framing(exchange.request().toHead());
        boolean chunked = ResponseForwarding.isChunked(framing, exchange.request().takesInterim());
        boolean keepsVisitor = exchange.request().keepsConnection() && !exchange.isRequestUnderWay(); // HTTP/1.1
        if (!exchange.claim(head.status())) {
            return false;
        }
        if (head.authenticatesConnection()) {
            exchange.bindConnection();
        }
        boolean keepsConnection = head.keepsConnection() && framing != Framing.TO_END;
        ByteBuffer buffer = takeOut(headLength());
        new ResponseForwarding(chunked, !keepsVisitor).write(head, edits, buffer);
        switch (framing) {
            case NONE -> flush(exchange);
            case LENGTH -> relayLength(exchange, head.length());
            case CHUNKED, TO_END -> relayStream(exchange, framing, chunked);
        }
        boolean clean = !source.hasRemaining();
        boolean early = exchange.isRequestUnderWay();
        orderly = clean && !early;
        exchange.responseSent(clean && keepsConnection && !early, keepsVisitor && !early);
        return clean && keepsConnection && !early;
    }

    private int headLength() {
        return head.size() + ResponseForwarding.added(edits);
    }

    private void relayLength(Exchange exchange, long length) throws IOException, VisitorLeft, Truncated {
        long left = length;
        while (left > 0) {
            if (!source.hasRemaining()) {
                flush(exchange); // before waiting
                source = next();
            }
            int part = (int) Math.min(left, source.remaining());
            pass(exchange, source.slice(source.position(), part));
            source.position(source.position() + part);
            left -= part;
            exchange.countSent(part);
        }
        flush(exchange);
    }

    /// Passes bytes on as they are: behind the head in one write where they fit, else without a copy.
    private void pass(Exchange exchange, ByteBuffer bytes) throws VisitorLeft {
        ByteBuffer pending = takeOut(0);
        if (pending.position() > outStart && bytes.remaining() <= pending.remaining()) {
            pending.put(bytes);
        } else {
            flush(exchange);
            write(exchange, bytes);
        }
    }

    /// A body whose end is not known before.
    private void relayStream(Exchange exchange, Framing framing, boolean chunked)
            throws IOException, VisitorLeft, Truncated, BadMessageException {
        chunks.begin(edits.names());
        boolean complete = false;
        while (!complete) {
            if (!source.hasRemaining()) {
                flush(exchange);
                ByteBuffer data = in.next();
                if (data == null && framing == Framing.CHUNKED) {
                    throw new Truncated();
                }
                source = data == null ? ByteBuffer.allocate(0) : data;
                complete = data == null;
            }
            complete |= relayPart(exchange, framing, chunked);
        }
        if (chunked) {
            endChunks(exchange);
        }
        flush(exchange);
    }

    /// @return whether the body is complete
    private boolean relayPart(Exchange exchange, Framing framing, boolean chunked)
            throws VisitorLeft, BadMessageException {
        ByteBuffer buffer = roomFor(exchange, source.remaining());
        int before = chunked ? ChunkWriter.BEFORE : 0;
        int pending = buffer.position();
        int dataStart = pending + before;
        buffer.position(dataStart).limit(buffer.capacity() - (chunked ? ChunkWriter.BEHIND : 0));
        boolean complete = framing == Framing.CHUNKED && chunks.read(source, buffer);
        if (framing == Framing.TO_END) {
            int part = Math.min(source.remaining(), buffer.remaining());
            buffer.put(source.slice(source.position(), part));
            source.position(source.position() + part);
        }
        buffer.limit(buffer.capacity());
        int length = buffer.position() - dataStart;
        exchange.countSent(length);
        if (length == 0) {
            buffer.position(pending);
        } else if (chunked) {
            joinPending(buffer, pending, ChunkWriter.frame(buffer, dataStart));
        }
        if (source.hasRemaining() && !complete) {
            flush(exchange); // the buffer is full
        }
        return complete;
    }

    /// Moves what is pending up to the chunk, so that both leave in one write.
    private void joinPending(ByteBuffer buffer, int pendingEnd, int chunkStart) {
        int length = pendingEnd - outStart;
        buffer.put(chunkStart - length, buffer, outStart, length);
        outStart = chunkStart - length;
    }

    private void endChunks(Exchange exchange) throws VisitorLeft {
        ByteBuffer buffer = takeOut(0);
        if (!ChunkWriter.end(buffer, chunks)) {
            flush(exchange);
            if (!ChunkWriter.end(takeOut(Buffers.LARGE), chunks)) {
                throw new IllegalStateException("trailers are bounded, and fit into an empty buffer");
            }
        }
    }

    /// A buffer with room for a good part of what has come: a large one for bulk.
    private ByteBuffer roomFor(Exchange exchange, int length) throws VisitorLeft {
        ByteBuffer buffer = takeOut(0);
        int most = length + ChunkWriter.BEFORE + ChunkWriter.BEHIND;
        if (most <= buffer.remaining()) {
            return buffer;
        }
        flush(exchange);
        return takeOut(Math.min(most, Buffers.LARGE));
    }

    private ByteBuffer takeOut(int size) {
        ByteBuffer buffer = out;
        if (buffer != null && buffer.capacity() >= size) {
            return buffer;
        }
        giveOut();
        buffer = buffers.take(Math.max(1, size));
        out = buffer;
        outStart = 0;
        return buffer;
    }

    private void giveOut() {
        ByteBuffer buffer = out;
        if (buffer != null) {
            out = null;
            buffers.give(buffer);
        }
    }

    private void giveParts() {
        ByteBuffer buffer = parts;
        if (buffer != null) {
            parts = null;
            buffers.give(buffer);
        }
    }

    private void flush(Exchange exchange) throws VisitorLeft {
        ByteBuffer buffer = out;
        if (buffer != null && buffer.position() > outStart) {
            write(exchange, buffer.flip().position(outStart));
        }
        if (buffer != null) {
            buffer.clear();
            outStart = 0;
        }
    }

    private static void write(Exchange exchange, ByteBuffer bytes) throws VisitorLeft {
        try {
            exchange.visitor().write(bytes);
        } catch (IOException e) {
            throw new VisitorLeft();
        }
    }

    /// After a 101: what either side sends is the other protocol's.
    private void relaySwitched(Exchange exchange, StreamOutput request)
            throws IOException, BadMessageException, VisitorLeft {
        head.checkSwitch(exchange.request().upgrade(), exchange.request().webSocketKey());
        if (!exchange.claim(101)) {
            return;
        }
        ByteBuffer buffer = takeOut(headLength());
        new ResponseForwarding(false, false).write(head, edits, buffer);
        flush(exchange);
        switched = true;
        Relay relay = new Relay(exchange.visitor().connection(), buffers);
        int early = source.remaining();
        exchange.switchTo(relay);
        try {
            if (early > 0) {
                write(exchange, source);
            }
            relay.receive(in, request);
        } finally {
            exchange.switchedResponseEnded(early + relay.received());
        }
    }

    @Override
    public void close() {
        giveOut();
        giveParts();
    }
}
