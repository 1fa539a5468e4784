package tunnel.channel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tunnel.net.Buffers;
import tunnel.net.CutOffException;
import tunnel.net.Transport;
import tunnel.protocol.Codec;

/// Copies bytes between a socket and a stream, each direction on a thread of its own, half-close and reset included. How
/// bytes are moved is this class's business alone.
///
/// Neither direction closes the socket in order: that is for its owner, once both have returned. When one direction breaks
/// it resets the other half too, so that both return.
public final class Relay {
    private static final Logger log = LoggerFactory.getLogger(Relay.class);

    private static final int END = -1; // of the socket's input
    private static final int ENDED = -2; // the same, and the stream's half has ended with it
    private static final int ROOM = Buffers.SMALL - Codec.HEADER; // in a small buffer, behind the frame's header

    private final Transport socket;
    private final Buffers buffers;

    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong received = new AtomicLong();

    public Relay(Transport socket, Buffers buffers) {
        this.socket = socket;
        this.buffers = buffers;
    }

    /// Bytes that went from the socket into the stream.
    public long sent() {
        return sent.get();
    }

    /// Bytes that came out of the stream and went to the socket.
    public long received() {
        return received.get();
    }

    /// Socket to stream, to the end of the socket's input.
    ///
    /// @return whether this half has ended in order; otherwise the stream is reset, and what to do with the socket is up to
    ///     the caller
    public boolean send(StreamOutput stream) {
        try {
            int read = sendNext(stream, Buffers.SMALL);
            while (read >= 0) { // bulk fills a small buffer
                read = sendNext(stream, read < ROOM ? Buffers.SMALL : Codec.BULK_FRAME);
            }
            if (read == END) { // without a buffer, as it may wait
                stream.end();
            }
            return true;
        } catch (CutOffException e) {
            log.debug("sending was cut off: {}", e.getMessage());
            stream.cutOff();
            return false;
        } catch (IOException e) {
            log.debug("sending broke: {}", e.getMessage());
            stream.reset();
            return false;
        } catch (RuntimeException | Error e) { // no memory for a buffer, say: both ends hear of it
            socket.reset();
            stream.reset();
            throw e;
        }
    }

    /// Waits without a buffer. Whoever answers once and closes has mostly done both when its first bytes are here, and one write is
    /// enough then.
    ///
    /// @return how many bytes were sent, or {@link #END}, or {@link #ENDED}
    private int sendNext(StreamOutput stream, int size) throws IOException {
        socket.awaitReadable();
        ByteBuffer buffer = buffers.take(size);
        try {
            int read = socket.read(buffer.limit(size).position(Codec.HEADER));
            if (read < 0) {
                return END;
            }
            boolean first = sent.get() == 0;
            if (first && read > 0 && read < ROOM && endsNow(stream, buffer)) {
                stream.sendLast(buffer.flip().position(Codec.HEADER));
                sent.addAndGet(read);
                return ENDED;
            }
            return send(stream, buffer);
        } finally {
            buffers.give(buffer);
        }
    }

    /// Whether nothing follows what is in the buffer; what does and is here already goes behind it.
    private boolean endsNow(StreamOutput stream, ByteBuffer buffer) throws IOException {
        try {
            return socket.readNow(buffer) < 0;
        } catch (IOException e) { // of which the kernel tells once
            var _ = send(stream, buffer);
            throw e;
        }
    }

    private int send(StreamOutput stream, ByteBuffer buffer) throws IOException {
        int length = buffer.flip().position(Codec.HEADER).remaining();
        if (length > 0) {
            stream.send(buffer);
            sent.addAndGet(length);
        }
        return length;
    }

    /// Stream to socket, to the end of the stream's half. By the data channel's thread.
    ///
    /// @throws IOException when the data channel is lost; a socket that is lost is no error, the stream is reset then
    public void receive(StreamInput in, StreamOutput out) throws IOException {
        try {
            for (ByteBuffer data = in.next(); data != null; data = in.next()) {
                int length = data.remaining();
                if (!write(data)) {
                    out.reset();
                    in.discard();
                    return;
                }
                received.addAndGet(length);
            }
            if (!shutdownOutput()) {
                out.reset();
            }
        } catch (StreamResetException e) {
            socket.reset();
            out.reset();
        } catch (IOException | RuntimeException | Error e) {
            socket.reset();
            throw e;
        }
    }

    private boolean write(ByteBuffer data) {
        try {
            socket.write(data);
            return true;
        } catch (IOException e) {
            log.debug("receiving broke: {}", e.getMessage());
            socket.reset();
            return false;
        }
    }

    private boolean shutdownOutput() {
        try {
            socket.shutdownOutput();
            return true;
        } catch (IOException e) {
            socket.reset();
            return false;
        }
    }
}
