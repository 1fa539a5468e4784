package tunnel.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// One connection's bytes, plain or under TLS, read by one thread and written by one thread at a time, both blocking.
///
/// It has one owner, who closes it; any thread may {@link #reset} or {@link #close} it, which wakes whoever is blocked
/// in it with an `IOException`. Direct buffers spare a copy.
public interface Transport extends ByteChannel {
    /// Completes the TLS handshake on the calling thread, with no bound of its own; does nothing on a plain connection.
    void handshake() throws IOException;

    /// The peer of a server has proved who it is: until then it may send no more at once than a first frame needs. By the thread
    /// that reads.
    default void peerIsKnown() {}

    /// What ties a proof to this very connection: the `tls-exporter` channel binding (RFC 9266), 32 bytes, once the
    /// handshake is done; null on a plain connection.
    byte @Nullable [] channelBinding() throws IOException;

    /// Waits for input where that is known to be a wait, so that nobody holds a buffer meanwhile; otherwise returns at once. By
    /// the thread that reads.
    default void awaitReadable() throws IOException {}

    /// What has arrived by now, where that can be told without waiting. By the thread that reads.
    ///
    /// @return how many bytes, 0 where none are known to be here, -1 at the end of input
    default int readNow(ByteBuffer target) throws IOException {
        return 0;
    }

    /// The room to read into where more comes than fits a small buffer, and nobody knows yet how fast it goes.
    default int bulkRead() {
        return Buffers.LARGE;
    }

    /// What brings its bytes as they come, for whoever throws them away: itself where nothing is encrypted.
    default Transport carrier() {
        return this;
    }

    /// Writes all of `source`, or fails.
    @Override
    int write(ByteBuffer source) throws IOException;

    /// Ends this side's half: the peer reads the end of input. By the thread that writes, or when nobody does.
    void shutdownOutput() throws IOException;

    /// Whether a write is under way and the kernel has taken nothing of it for so long. From any thread.
    ///
    /// @param now of `System.nanoTime`
    boolean hasStalled(long now, Duration most);

    /// Closes so that the peer sees a reset (RST) and not an orderly end. Never waits for the peer, never fails.
    void reset();

    /// Closes the socket itself, without a TLS farewell that could block. Never waits for the peer, never fails.
    @Override
    void close();

    /// The peer's address.
    InetSocketAddress remote();
}
