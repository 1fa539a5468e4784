package tunnel.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A socket as it is. Blocking for who calls; below it is in non-blocking mode, and a {@link Loop} waits for it.
public class PlainTransport implements Transport {
    /// Reads that found all they asked for, before others of the loop have their turn: 256 KiB at most, a quarter of a
    /// millisecond under TLS. A look at the sockets in between costs a hundredth of that.
    private static final int TURN = 4;

    private final SocketChannel socket;
    private final InetSocketAddress remote;
    private final InetAddress local;
    private final Readiness readiness;

    // the reader's thread only
    private boolean drained; // the last read found less than it had room for
    private int undrained; // reads in a row that did not

    private volatile long stalledSince; // of System.nanoTime, 0 where nothing is being written
    private volatile boolean awaitingRoom; // meanwhile: since its last call the kernel has told it of nothing
    private volatile boolean writeFailed;

    /// Takes over a connected socket; from here on only this object touches it. Where that fails it is closed.
    public PlainTransport(SocketChannel socket) throws IOException {
        this(socket, Loop.current().register(socket));
    }

    PlainTransport(SocketChannel socket, Readiness readiness) throws IOException {
        this.socket = socket;
        this.readiness = readiness;
        try {
            if (!(socket.getRemoteAddress() instanceof InetSocketAddress address)
                    || !(socket.getLocalAddress() instanceof InetSocketAddress here)) {
                throw new IOException("not connected");
            }
            this.remote = address;
            this.local = here.getAddress();
            socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
            socket.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        } catch (IOException e) {
            readiness.close();
            throw e;
        }
    }

    @Override
    public void handshake() {}

    @Override
    public byte @Nullable [] channelBinding() {
        return null;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        if (!target.hasRemaining()) {
            return 0;
        }
        if (drained) {
            awaitReadable(); // trying first would be a call for nothing
        }
        int read = socket.read(target);
        while (read == 0) {
            readiness.awaitReadable();
            read = socket.read(target);
        }
        drained = read > 0 && target.hasRemaining();
        takeTurns();
        if (read < 0) {
            failIfReset();
        }
        return read;
    }

    @Override
    public int readNow(ByteBuffer target) throws IOException {
        int read = socket.read(target);
        drained = read >= 0 && target.hasRemaining();
        if (read < 0) {
            failIfReset();
        }
        return read;
    }

    /// The kernel tells of a reset once. Where a write has heard of it, reading finds what looks like an end in order, and what was
    /// broken would look whole. A write that is in the kernel at this moment, or on its way from there, is waited for.
    @SuppressWarnings("ThreadPriorityCheck") // it may need this thread's loop
    private void failIfReset() throws IOException {
        while (stalledSince != 0 && !awaitingRoom && !writeFailed) {
            Thread.yield();
        }
        if (writeFailed) {
            throw new IOException("the connection was reset");
        }
    }

    @Override
    public void awaitReadable() throws IOException {
        if (drained) {
            readiness.awaitReadable();
            drained = false;
        }
    }

    @SuppressWarnings("ThreadPriorityCheck") // not for speed: nobody else takes the loop from who never waits
    private void takeTurns() {
        undrained = drained ? 0 : undrained + 1;
        if (undrained == TURN) {
            undrained = 0;
            Thread.yield();
        }
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        int total = 0;
        boolean written = false;
        try {
            while (source.hasRemaining()) {
                stalledSince = System.nanoTime() | 1; // never 0
                total += socket.write(source);
                if (source.hasRemaining()) {
                    awaitRoom();
                }
            }
            stalledSince = 0;
            written = true;
        } finally {
            if (!written) {
                writeFailed = true;
            }
        }
        return total;
    }

    private void awaitRoom() throws IOException {
        awaitingRoom = true;
        readiness.awaitWritable();
        awaitingRoom = false;
    }

    @Override
    public boolean hasStalled(long now, Duration most) {
        long since = stalledSince;
        return since != 0 && now - since > most.toNanos();
    }

    /// The same connection as the JDK's own TLS wants it, which alone reads and writes it from then on. Closing and resetting
    /// it stay here.
    public Socket asSocket() throws IOException {
        readiness.backToBlocking();
        return socket.socket();
    }

    @Override
    public void shutdownOutput() throws IOException {
        readiness.change(socket::shutdownOutput);
    }

    /// Makes the thread that reads see the end of input, while this side can still write an answer. Never waits for the peer.
    public void shutdownInput() {
        try {
            readiness.change(socket::shutdownInput);
        } catch (IOException e) {
            close();
        }
    }

    @Override
    public void reset() {
        try {
            readiness.change(() -> socket.setOption(StandardSocketOptions.SO_LINGER, 0));
        } catch (IOException alreadyClosed) {
            return;
        }
        close();
    }

    @Override
    public boolean isOpen() {
        return socket.isOpen();
    }

    @Override
    public void close() {
        try {
            readiness.close();
        } catch (IOException e) {
            throw new UncheckedIOException("closing a socket failed", e);
        }
    }

    @Override
    public InetSocketAddress remote() {
        return remote;
    }

    /// This machine's end.
    public InetAddress local() {
        return local;
    }
}
