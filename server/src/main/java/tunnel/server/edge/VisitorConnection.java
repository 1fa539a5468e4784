package tunnel.server.edge;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tunnel.channel.Relay;
import tunnel.channel.StreamInput;
import tunnel.channel.StreamOutput;
import tunnel.net.Buffers;
import tunnel.net.PlainTransport;
import tunnel.server.registry.Limits;
import tunnel.server.registry.Refusal;
import tunnel.server.registry.Tunnel;
import tunnel.server.registry.Visitor;

/// A visitor's connection that is relayed to a tunnel: its own thread carries what the visitor sends, the data channel's
/// thread what comes back.
final class VisitorConnection implements Visitor {
    private final String id = Thread.currentThread().getName();
    private final PlainTransport connection;
    private final Buffers buffers;
    private final Relay relay;
    private final Consumer<Refusal> onRefused;
    private final CountDownLatch over = new CountDownLatch(1); // nothing more will come for the visitor

    private final long beganNanos = System.nanoTime();

    // the ticker's thread only
    private long progress;
    private long progressNanos = beganNanos;

    private volatile boolean opened;
    private volatile @Nullable Refusal refusal;

    // the visitor's thread only
    private @Nullable StreamOutput stream;
    private int early; // bytes that went with the stream's opening

    /// By the visitor's thread.
    ///
    /// @param onRefused answers the visitor; must not wait for it
    VisitorConnection(PlainTransport connection, Buffers buffers, Consumer<Refusal> onRefused) {
        this.connection = connection;
        this.buffers = buffers;
        this.relay = new Relay(connection, buffers);
        this.onRefused = onRefused;
    }

    /// Opens a stream with what the visitor has sent by now, which mostly is a whole request: it spares server and client a write and
    /// a read each. By the visitor's thread, as {@link #relay}.
    ///
    /// @throws IOException where the visitor has left
    void open(Tunnel tunnel) throws IOException, InterruptedException {
        ByteBuffer here = whatIsHere();
        early = here.remaining();
        stream = tunnel.owner().open(tunnel, this, early == 0 ? null : here);
    }

    /// In a buffer of its own, as the wait for a data channel may be long.
    private ByteBuffer whatIsHere() throws IOException {
        ByteBuffer here = buffers.take(Buffers.SMALL);
        try {
            var _ = connection.readNow(here);
            here.flip();
            return ByteBuffer.allocate(here.remaining()).put(here).flip();
        } finally {
            buffers.give(here);
        }
    }

    /// Relays until both halves have ended; does nothing where no stream was opened.
    void relay() throws InterruptedException {
        StreamOutput out = stream;
        if (out == null) {
            return;
        }
        boolean whole = relay.send(out);
        if (!whole && opened) {
            connection.reset(); // the other direction may be blocked in it
        }
        over.await();
        if (!whole && refusal == null) { // only now: a stream is over before the visitor is told that it was refused
            connection.reset();
        }
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public long sinceNanos() {
        return beganNanos;
    }

    @Override
    public InetSocketAddress address() {
        return connection.remote();
    }

    @Override
    public void opened(StreamInput in, StreamOutput out) throws IOException {
        opened = true;
        try {
            relay.receive(in, out);
        } finally {
            over.countDown();
        }
    }

    @Override
    public void refused(Refusal why) {
        refusal = why;
        onRefused.accept(why);
        over.countDown();
    }

    @Override
    public void reset() {
        connection.reset();
        over.countDown();
    }

    /// Ends it where it has lasted too long, or nothing has gone either way for too long. By the edge's ticker; never blocks.
    void checkDeadlines(long now, Limits.Streams limits) {
        long bytes = relay.sent() + relay.received();
        if (bytes != progress) {
            progress = bytes;
            progressNanos = now;
        }
        boolean outlived = !limits.lifetime().isZero() && now - beganNanos > limits.lifetime().toNanos();
        if (outlived || now - progressNanos > limits.silence().toNanos()) {
            connection.reset();
        }
    }

    /// Why there was no stream, or null.
    @Nullable Refusal refusal() {
        return refusal;
    }

    /// Bytes from the visitor that went into the stream. By the visitor's thread.
    long sent() {
        return refusal == null ? early + relay.sent() : relay.sent();
    }

    /// Bytes to the visitor.
    long received() {
        return relay.received();
    }
}
