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

/// A blocking socket as it is.
public final class PlainTransport implements Transport {
    private final SocketChannel socket;
    private final InetSocketAddress remote;
    private volatile long stalledSince; // of System.nanoTime, 0 where nothing is being written

    /// Takes over a connected socket in blocking mode; from here on only this object touches it.
    public PlainTransport(SocketChannel socket) throws IOException {
        this.socket = socket;
        if (!(socket.getRemoteAddress() instanceof InetSocketAddress address)) {
            throw new IOException("not connected");
        }
        this.remote = address;
        socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
        socket.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
    }

    @Override
    public void handshake() {}

    @Override
    public byte @Nullable [] channelBinding() {
        return null;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        return socket.read(target);
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        int total = 0;
        while (source.hasRemaining()) {
            stalledSince = System.nanoTime() | 1; // never 0
            total += socket.write(source);
        }
        stalledSince = 0;
        return total;
    }

    @Override
    public boolean hasStalled(long now, Duration most) {
        long since = stalledSince;
        return since != 0 && now - since > most.toNanos();
    }

    /// The same connection as the JDK's own TLS wants it, which alone reads and writes it from then on. Closing and resetting
    /// it stay here.
    public Socket asSocket() {
        return socket.socket();
    }

    @Override
    public void shutdownOutput() throws IOException {
        socket.shutdownOutput();
    }

    /// Makes the thread that reads see the end of input, while this side can still write an answer. Never blocks.
    public void shutdownInput() {
        try {
            socket.shutdownInput();
        } catch (IOException e) {
            close();
        }
    }

    @Override
    public void reset() {
        try {
            socket.setOption(StandardSocketOptions.SO_LINGER, 0);
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
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException("closing a socket failed", e);
        }
    }

    @Override
    public InetSocketAddress remote() {
        return remote;
    }

    /// This machine's end, while it is open.
    public InetAddress local() {
        return socket.socket().getLocalAddress();
    }
}
