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
import tunnel.http.ChunkedBody;
import tunnel.http.Framing;
import tunnel.http.ResponseHead;
import tunnel.http.Rule;
import tunnel.net.Buffers;
import tunnel.server.edge.ResponseOutput.VisitorLeft;

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
    private boolean orderly;
    private boolean switched;

    ResponseRelay(StreamInput in, Buffers buffers, FieldEdits edits) {
        this.in = in;
        this.buffers = buffers;
        this.edits = edits;
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
        try (ResponseOutput out = new ResponseOutput(buffers, exchange)) {
            return relay(exchange, request, out);
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
            close();
        }
    }

    private boolean relay(Exchange exchange, StreamOutput request, ResponseOutput out)
            throws IOException, BadMessageException, VisitorLeft, Truncated {
        readHead();
        while (head.isInterim()) {
            if (exchange.request().takesInterim()) {
                new ResponseForwarding(false, false).write(head, edits, out.head(headLength()));
                out.flushInterim();
            }
            readHead();
        }
        if (head.status() == 101) {
            relaySwitched(exchange, request, out);
            return false;
        }
        return relayFinal(exchange, out);
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
            close();
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

    private boolean relayFinal(Exchange exchange, ResponseOutput out)
            throws IOException, VisitorLeft, Truncated, BadMessageException {
        Framing framing = head.framing(exchange.request().toHead());
        boolean chunked = ResponseForwarding.isChunked(framing, exchange.request().takesInterim());
        boolean keepsVisitor = exchange.request().keepsConnection() // HTTP/1.1
                && !exchange.isRequestUnderWay()
                && !exchange.visitor().edge().isDraining();
        if (!exchange.claim(head.status())) {
            return false;
        }
        if (head.authenticatesConnection()) {
            exchange.bindConnection();
        }
        boolean keepsConnection = head.keepsConnection() && framing != Framing.TO_END;
        new ResponseForwarding(chunked, !keepsVisitor).write(head, edits, out.head(headLength()));
        switch (framing) {
            case NONE -> {}
            case LENGTH -> relayLength(head.length(), out);
            case CHUNKED, TO_END -> relayStream(framing, chunked, out);
        }
        out.flush();
        boolean clean = !source.hasRemaining();
        boolean early = exchange.isRequestUnderWay();
        orderly = clean && !early;
        exchange.responseSent(clean && keepsConnection && !early, keepsVisitor && !early);
        return clean && keepsConnection && !early;
    }

    private int headLength() {
        return head.size() + ResponseForwarding.added(edits);
    }

    private void relayLength(long length, ResponseOutput out) throws IOException, VisitorLeft, Truncated {
        long left = length;
        while (left > 0) {
            if (!source.hasRemaining()) {
                out.flush(); // before waiting
                source = next();
            }
            int part = (int) Math.min(left, source.remaining());
            out.pass(source.slice(source.position(), part));
            source.position(source.position() + part);
            left -= part;
        }
    }

    /// A body whose end is not known before.
    private void relayStream(Framing framing, boolean chunked, ResponseOutput out)
            throws IOException, VisitorLeft, Truncated, BadMessageException {
        chunks.begin(edits.names());
        boolean complete = false;
        while (!complete) {
            if (!source.hasRemaining()) {
                out.flush();
                ByteBuffer data = in.next();
                if (data == null && framing == Framing.CHUNKED) {
                    throw new Truncated();
                }
                source = data == null ? ByteBuffer.allocate(0) : data;
                complete = data == null;
            }
            ByteBuffer part = out.beginPart(source.remaining(), chunked);
            complete |= framing == Framing.CHUNKED ? chunks.read(source, part) : copy(part);
            out.endPart(chunked);
            if (source.hasRemaining() && !complete) {
                out.flush(); // the part is full
            }
        }
        if (chunked) {
            out.endChunks(chunks);
        }
    }

    /// @return false: only its end says that it is complete
    private boolean copy(ByteBuffer part) {
        int length = Math.min(source.remaining(), part.remaining());
        part.put(source.slice(source.position(), length));
        source.position(source.position() + length);
        return false;
    }

    /// After a 101: what either side sends is the other protocol's.
    private void relaySwitched(Exchange exchange, StreamOutput request, ResponseOutput out)
            throws IOException, BadMessageException, VisitorLeft {
        head.checkSwitch(exchange.request().upgrade(), exchange.request().webSocketKey());
        if (!exchange.claim(101)) {
            return;
        }
        new ResponseForwarding(false, false).write(head, edits, out.head(headLength()));
        out.flush();
        switched = true;
        Relay relay = new Relay(exchange.visitor().connection(), buffers);
        exchange.switchTo(relay);
        try {
            if (source.hasRemaining()) {
                exchange.countSent(source.remaining());
                out.write(source);
            }
            relay.receive(in, request);
        } finally {
            exchange.switchedResponseEnded();
        }
    }

    @Override
    public void close() {
        ByteBuffer buffer = parts;
        if (buffer != null) {
            parts = null;
            buffers.give(buffer);
        }
    }
}
