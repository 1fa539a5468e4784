package tunnel.protocol;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import tunnel.net.Buffers;
import tunnel.net.Deadlines;
import tunnel.net.Lingering;
import tunnel.net.Transport;
import tunnel.protocol.Frame.Data;

/// A connection that speaks frames. One thread reads; any thread writes, one whole frame at a time. The reader's thread owns
/// it and closes it; any thread may {@link #abort} it, which wakes whoever is blocked in it.
public final class FrameChannel implements AutoCloseable {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Transport transport;
    private final Buffers buffers;

    // the reader's thread only
    private ByteBuffer in = NOTHING; // unread bytes are between position and limit; none at rest, and then no buffer
    private final Pace pace;
    private int limit = Codec.LIMIT_BEFORE_AUTHENTICATION;
    private boolean dataAllowed;
    private int dataLeft; // payload bytes of the present Data frame that were not handed out yet

    /// Held for one frame's write, the only I/O under a lock: it keeps frames whole.
    private final ReentrantLock writeLock = new ReentrantLock();

    public FrameChannel(Transport transport, Buffers buffers) {
        this.transport = transport;
        this.buffers = buffers;
        this.pace = new Pace(transport.bulkRead());
    }

    /// What is below, for its address and its channel binding.
    public Transport transport() {
        return transport;
    }

    /// To call by the reader when the peer has proved who it is: larger frames are read from now on.
    ///
    /// @param data whether `Data` is among them
    public void authenticated(boolean data) {
        limit = Codec.LIMIT_CONTROL;
        dataAllowed = data;
        transport.peerIsKnown();
    }

    /// The next frame; one `Data` frame may come as several. Null at the end of input.
    ///
    /// @throws ProtocolException when the peer broke the protocol; nothing further can be read then
    public @Nullable Frame read() throws IOException {
        if (dataLeft > 0) {
            return data();
        }
        while (fill(Codec.HEADER)) {
            int header = in.getInt();
            int type = header >>> 24;
            int length = header & 0xFFFFFF;
            checkLength(type, length);
            if (type == Codec.DATA && length > 0) {
                dataLeft = length;
                return data();
            }
            if (!fill(length)) {
                throw new ProtocolException("the input ended inside a frame");
            }
            Frame frame = Codec.decode(type, in.slice(in.position(), length));
            in.position(in.position() + length);
            if (frame != null) {
                return frame;
            }
        }
        if (in.hasRemaining()) {
            throw new ProtocolException("the input ended inside a frame's header");
        }
        return null;
    }

    /// Before anything is allocated for the frame.
    private void checkLength(int type, int length) throws ProtocolException {
        int most = type == Codec.DATA && dataAllowed ? Codec.LIMIT_DATA : limit;
        if (length > most) {
            throw new ProtocolException(
                    "frame of type 0x%02x is %d bytes long, %d are allowed".formatted(type, length, most));
        }
    }

    private Data data() throws IOException {
        if (!in.hasRemaining() && !fill(1)) {
            throw new ProtocolException("the input ended inside a frame");
        }
        int length = Math.min(dataLeft, in.remaining());
        ByteBuffer part = in.slice(in.position(), length);
        in.position(in.position() + length);
        dataLeft -= length;
        return new Data(part);
    }

    /// Reads until `wanted` bytes are at hand; false where the input ended before.
    private boolean fill(int wanted) throws IOException {
        while (in.remaining() < wanted) {
            makeRoom(wanted);
            int unread = in.position();
            int end = in.limit();
            in.position(end).limit(in.capacity());
            try {
                if (transport.read(in) < 0) {
                    return false;
                }
            } finally {
                pace.count(in.position() - end, System.nanoTime());
                in.limit(in.position()).position(unread);
            }
        }
        return true;
    }

    /// With nothing unread it waits without a buffer, and takes one of the size that the last read speaks for. Otherwise the
    /// buffer grows when a frame needs it.
    private void makeRoom(int wanted) throws IOException {
        if (!in.hasRemaining()) {
            release();
            transport.awaitReadable();
            in = buffers.take(Math.max(wanted, dataAllowed ? pace.bufferSize() : Buffers.SMALL)).limit(0);
        } else if (wanted > in.capacity()) {
            replaceWith(buffers.take(wanted));
        } else if (in.limit() == in.capacity() || wanted > in.capacity() - in.position()) {
            in.compact().flip();
        }
    }

    private void release() {
        if (in.capacity() > 0) {
            buffers.give(in);
            in = NOTHING;
        }
    }

    private void replaceWith(ByteBuffer other) {
        other.put(in).flip();
        buffers.give(in);
        in = other;
    }

    /// Writes a frame, and blocks while the peer does not read.
    public void write(Frame frame) throws IOException {
        writeBoth(frame, null);
    }

    /// Writes a frame and behind it, in the same write, the bytes of `data` as a `Data` frame; `data` itself is not changed.
    ///
    /// @param data at most 48 KiB
    public void write(Frame frame, @Nullable ByteBuffer data) throws IOException {
        writeBoth(frame, data == null ? null : new Data(data));
    }

    /// Writes two frames in one write.
    public void write(Frame first, Frame second) throws IOException {
        writeBoth(first, second);
    }

    private void writeBoth(Frame first, @Nullable Frame second) throws IOException {
        writeLock.lock();
        try {
            int most = largest(first) + (second == null ? 0 : largest(second));
            ByteBuffer out = buffers.take(Math.min(most, Buffers.LARGE));
            try {
                Codec.encode(first, out);
                if (second != null) {
                    Codec.encode(second, out);
                }
                transport.write(out.flip());
            } finally {
                buffers.give(out);
            }
        } finally {
            writeLock.unlock();
        }
    }

    private static int largest(Frame frame) {
        return Codec.HEADER
                + switch (frame) {
                    case Data data -> data.payload().remaining();
                    case Frame.Accepted _, Frame.Opened _, Frame.End _, Frame.Reset _ -> Long.BYTES;
                    default -> Codec.LIMIT_CONTROL;
                };
    }

    /// Writes a frame if `still` holds when its turn has come, which must not block. What any thread writes after it has made
    /// `still` false comes behind the frame, or the frame is not written.
    ///
    /// @return whether it was written
    public boolean writeIf(Frame frame, BooleanSupplier still) throws IOException {
        writeLock.lock();
        try {
            if (!still.getAsBoolean()) {
                return false;
            }
            write(frame);
            return true;
        } finally {
            writeLock.unlock();
        }
    }

    /// Writes `Data` without copying it.
    ///
    /// @param data the payload from position {@link Codec#HEADER} to the limit; the bytes before it are overwritten
    public void writeData(ByteBuffer data) throws IOException {
        Codec.putHeader(data, 0, Codec.DATA, data.limit() - Codec.HEADER);
        data.position(0);
        writeLock.lock();
        try {
            transport.write(data);
        } finally {
            writeLock.unlock();
        }
    }

    /// Says a last word and ends the connection so that it arrives (see {@link Lingering}). By the reader's thread.
    public void abortAfter(Frame last, Deadlines deadlines) {
        try (var _ = deadlines.after(Lingering.TIME, this::abort)) {
            write(last);
            transport.shutdownOutput();
            Lingering.read(transport, buffers);
        } catch (IOException e) {
            // the peer is gone: nobody is left to read the last word
        } finally {
            abort();
        }
    }

    /// Ends the connection at once, from any thread. Never waits for the peer.
    public void abort() {
        transport.close();
    }

    /// Ends the connection and gives the buffer back. By the reader's thread, once, at its end.
    @Override
    public void close() {
        abort();
        release();
    }
}
