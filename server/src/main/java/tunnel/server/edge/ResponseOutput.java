package tunnel.server.edge;

import java.io.IOException;
import java.io.Serial;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import tunnel.http.ChunkWriter;
import tunnel.http.ChunkedBody;
import tunnel.net.Buffers;

/// What goes to a visitor of one response: gathered, so that the head and what is there of the body leave in one write, and
/// written before anybody waits for more. On the data channel's thread alone.
final class ResponseOutput implements AutoCloseable {
    private final Buffers buffers;
    private final Exchange exchange;

    private @Nullable ByteBuffer buffer;
    private int start; // where in it begins what was not written yet
    private int dataStart; // where in it begins the data of the present part

    ResponseOutput(Buffers buffers, Exchange exchange) {
        this.buffers = buffers;
        this.exchange = exchange;
    }

    /// The visitor does not take what is written to it.
    static final class VisitorLeft extends Exception {
        @Serial
        private static final long serialVersionUID = 1;

        @Override
        public Throwable fillInStackTrace() {
            return this;
        }
    }

    /// Where a head of at most `size` bytes can be written; nothing else was before.
    ByteBuffer head(int size) {
        return take(size);
    }

    /// Writes a head that is not the last one, unless the visitor has had its answer.
    void flushInterim() throws VisitorLeft {
        ByteBuffer interim = take(0);
        try {
            exchange.visitor().writeInterim(exchange, interim.flip());
        } catch (IOException e) {
            throw new VisitorLeft();
        }
        interim.clear();
    }

    /// Passes a part of the body on as it is: behind the head in one write where it fits, else without a copy.
    void pass(ByteBuffer part) throws VisitorLeft {
        ByteBuffer pending = take(0);
        exchange.countSent(part.remaining());
        if (pending.position() > start && part.remaining() <= pending.remaining()) {
            pending.put(part);
        } else {
            flush();
            write(part);
        }
    }

    /// Where a part of the body can be put, up to the limit. {@link #endPart} follows.
    ///
    /// @param length how much there is; there may be room for less
    /// @param chunked whether it is to be a chunk
    ByteBuffer beginPart(int length, boolean chunked) throws VisitorLeft {
        int most = length + ChunkWriter.BEFORE + ChunkWriter.BEHIND;
        ByteBuffer room = take(0);
        if (most > room.remaining()) {
            flush();
            room = take(Math.min(most, Buffers.LARGE));
        }
        dataStart = room.position() + (chunked ? ChunkWriter.BEFORE : 0);
        return room.position(dataStart).limit(room.capacity() - (chunked ? ChunkWriter.BEHIND : 0));
    }

    /// The part is complete, as far as there was room for it.
    void endPart(boolean chunked) {
        ByteBuffer part = take(0);
        part.limit(part.capacity());
        int length = part.position() - dataStart;
        exchange.countSent(length);
        int pendingEnd = dataStart - (chunked ? ChunkWriter.BEFORE : 0);
        if (length == 0) {
            part.position(pendingEnd);
        } else if (chunked) {
            moveUp(part, pendingEnd, ChunkWriter.frame(part, dataStart));
        }
    }

    /// Moves what is pending up to the chunk, so that both leave in one write.
    private void moveUp(ByteBuffer part, int pendingEnd, int chunkStart) {
        int length = pendingEnd - start;
        part.put(chunkStart - length, part, start, length);
        start = chunkStart - length;
    }

    /// Puts the last chunk, with the trailers of the body that was read.
    void endChunks(ChunkedBody body) throws VisitorLeft {
        if (!ChunkWriter.end(take(0), body)) {
            flush();
            if (!ChunkWriter.end(take(Buffers.LARGE), body)) {
                throw new IllegalStateException("trailers are bounded, and fit into an empty buffer");
            }
        }
    }

    /// Writes what was gathered.
    void flush() throws VisitorLeft {
        ByteBuffer gathered = buffer;
        if (gathered == null) {
            return;
        }
        if (gathered.position() > start) {
            write(gathered.flip().position(start));
        }
        gathered.clear();
        start = 0;
    }

    /// Writes without gathering.
    void write(ByteBuffer bytes) throws VisitorLeft {
        try {
            exchange.visitor().write(bytes);
        } catch (IOException e) {
            throw new VisitorLeft();
        }
    }

    private ByteBuffer take(int size) {
        ByteBuffer taken = buffer;
        if (taken != null && taken.capacity() >= size) {
            return taken;
        }
        close();
        taken = buffers.take(Math.max(1, size));
        buffer = taken;
        start = 0;
        return taken;
    }

    @Override
    public void close() {
        ByteBuffer taken = buffer;
        if (taken != null) {
            buffer = null;
            buffers.give(taken);
        }
    }
}
