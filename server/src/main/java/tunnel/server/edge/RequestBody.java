package tunnel.server.edge;

import java.io.IOException;
import java.nio.ByteBuffer;
import tunnel.http.BadMessageException;
import tunnel.http.ChunkWriter;
import tunnel.http.ChunkedBody;
import tunnel.http.Framing;
import tunnel.http.RequestHead;
import tunnel.http.Rule;
import tunnel.net.Buffers;
import tunnel.protocol.Codec;

/// Sends a request's body on as it comes, whole or not at all: one that ends early, or breaks a rule, breaks its connection
/// to the local service too. On the visitor's thread alone.
final class RequestBody {
    private final HttpEdge edge;
    private final VisitorInput input;
    private final ChunkedBody chunks = new ChunkedBody();

    private Framing framing = Framing.NONE;
    private long left; // of a body with a length
    private long allowed; // of one without

    RequestBody(HttpEdge edge, VisitorInput input) {
        this.edge = edge;
        this.input = input;
    }

    /// Begins another.
    ///
    /// @param tunnel that says how large it may be, and which trailers it may not have
    void begin(RequestHead head, HttpTunnel tunnel) {
        framing = head.framing();
        left = head.length();
        long most = tunnel.options().maxBody();
        allowed = most == 0 ? Long.MAX_VALUE : most;
        chunks.begin(tunnel.requestEdits().names());
    }

    /// Sends all of it, unless the exchange is over before.
    ///
    /// @throws IOException when the visitor is lost
    void send(Exchange exchange, HttpTunnel tunnel) throws IOException {
        LocalConnection to = exchange.connection();
        if (to == null) {
            throw new IllegalStateException("the head goes first");
        }
        ByteBuffer out = edge.resources().buffers().take(bufferSize());
        try {
            boolean whole = framing == Framing.CHUNKED ? sendChunks(exchange, to, out) : sendLength(exchange, to, out);
            input.requestEnded();
            if (whole) {
                exchange.requestSent(edge.responseDeadline(tunnel));
            }
        } catch (BadMessageException e) {
            if (!exchange.isOver()) { // else the rest was not wanted
                exchange.refuse(e);
            }
        } catch (IOException e) {
            exchange.visitorLeft();
            throw e;
        } finally {
            edge.resources().buffers().give(out);
        }
    }

    private int bufferSize() {
        boolean small = framing == Framing.LENGTH && left <= Buffers.SMALL - Codec.HEADER;
        return small ? Buffers.SMALL : Buffers.LARGE;
    }

    /// @return whether all of it was read, and sent on as far as the connection took it
    private boolean sendLength(Exchange exchange, LocalConnection to, ByteBuffer out) throws IOException {
        while (left > 0 && !exchange.isOver()) {
            out.clear().position(Codec.HEADER);
            out.limit((int) Math.min(Math.min(out.capacity(), Codec.BULK_FRAME), Codec.HEADER + left));
            ByteBuffer unused = input.unused();
            if (unused.hasRemaining()) {
                int part = Math.min(unused.remaining(), out.remaining());
                out.put(unused.slice(unused.position(), part));
                input.use(part);
            } else if (input.read(out) < 0) {
                throw ended();
            }
            int length = out.position() - Codec.HEADER;
            left -= length;
            exchange.countReceived(length);
            if (left == 0) {
                exchange.lastPartGoesOut();
            }
            if (!exchange.send(to, out.flip().position(Codec.HEADER))) {
                break;
            }
        }
        return left == 0;
    }

    /// @return as {@link #sendLength}
    private boolean sendChunks(Exchange exchange, LocalConnection to, ByteBuffer out) throws IOException {
        boolean complete = false;
        while (!complete && !exchange.isOver()) {
            ByteBuffer unused = input.unused();
            if (!unused.hasRemaining()) {
                if (!input.readMore()) {
                    throw ended();
                }
                unused = input.unused();
            }
            int dataStart = Codec.HEADER + ChunkWriter.BEFORE;
            out.clear().position(dataStart).limit(out.capacity() - ChunkWriter.BEHIND);
            int before = unused.position();
            complete = chunks.read(unused, out);
            input.use(unused.position() - before);
            int length = out.limit(out.capacity()).position() - dataStart;
            count(exchange, length);
            if (length > input.unused().capacity() / 2) {
                input.expectBulk();
            }
            int start = ChunkWriter.frame(out, dataStart);
            if (complete) {
                exchange.lastPartGoesOut();
                if (!ChunkWriter.end(out, chunks)) {
                    if (!send(exchange, to, out, start, length)) {
                        break;
                    }
                    start = Codec.HEADER;
                    out.clear().position(start);
                    if (!ChunkWriter.end(out, chunks)) {
                        throw new IllegalStateException("trailers are bounded, and fit into an empty buffer");
                    }
                    length = out.position() - start;
                }
            }
            if ((length > 0 || complete) && !send(exchange, to, out, start, out.position() - start)) {
                break;
            }
        }
        return complete;
    }

    private static boolean send(Exchange exchange, LocalConnection to, ByteBuffer out, int start, int length) {
        if (length == 0) {
            return true;
        }
        out.flip();
        return exchange.send(to, out.slice(start - Codec.HEADER, out.limit() - start + Codec.HEADER).position(Codec.HEADER));
    }

    private void count(Exchange exchange, int length) throws BadMessageException {
        allowed -= length;
        if (allowed < 0) {
            throw new BadMessageException(Rule.BODY_TOO_LARGE);
        }
        exchange.countReceived(length);
    }

    private BadMessageException ended() {
        return new BadMessageException(input.timedOut() ? Rule.BODY_TOO_SLOW : Rule.TRUNCATED);
    }

    /// Sends what came behind the head of a request whose connection was switched to another protocol.
    ///
    /// @return false where it could not be sent
    boolean sendRest(Exchange exchange, LocalConnection to) {
        ByteBuffer rest = input.unused();
        if (!rest.hasRemaining()) {
            return true;
        }
        ByteBuffer out = edge.resources().buffers().take(Codec.HEADER + rest.remaining());
        try {
            input.use(rest.remaining());
            exchange.countReceived(rest.remaining());
            return to.send(out.position(Codec.HEADER).put(rest).flip().position(Codec.HEADER));
        } finally {
            edge.resources().buffers().give(out);
        }
    }
}
