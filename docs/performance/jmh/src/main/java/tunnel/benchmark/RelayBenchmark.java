package tunnel.benchmark;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import tunnel.channel.DataStream;
import tunnel.channel.Relay;
import tunnel.net.Deadlines;
import tunnel.net.Resources;
import tunnel.net.TlsClient;
import tunnel.net.TlsTransport;
import tunnel.net.Transport;
import tunnel.protocol.FrameChannel;

/// Bytes on the whole way through the two programs, which are one here: a visitor's socket, a relay, a data channel, the other
/// relay, the local service's socket. `mebibyte` is bulk, `roundTrip` 100 bytes there and back.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class RelayBenchmark {
    private static final int MEBIBYTE = 1 << 20;
    private static final int SMALL = 100;

    /// What is between the two programs.
    public enum Link {
        PLAIN,
        TLS
    }

    @Param
    private Link link = Link.PLAIN;

    private final Resources resources = new Resources();
    private final ByteBuffer out = ByteBuffer.allocateDirect(MEBIBYTE);
    private final ByteBuffer in = ByteBuffer.allocateDirect(64 << 10);
    private final Semaphore wanted = new Semaphore(0); // mebibytes for the visitor to send
    private final Pair visitor;
    private final Pair channel;
    private final Pair local;

    public RelayBenchmark() {
        try {
            visitor = Pair.open();
            channel = Pair.open();
            local = Pair.open();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Setup
    public void prepare() throws IOException, GeneralSecurityException, InterruptedException {
        Transport near = channel.near();
        Transport far = channel.far();
        if (link == Link.TLS) {
            Keys keys = Keys.make();
            near = TlsTransport.server(channel.near(), keys.server(), resources.buffers());
            far = TlsTransport.client(channel.far(), new TlsClient(keys.client()), resources.buffers());
            Thread client = start(far::handshake);
            near.handshake();
            client.join();
        }
        side(near, visitor.far());
        side(far, local.near());
        start(() -> {
            while (true) {
                wanted.acquireUninterruptibly();
                visitor.near().write(out.clear());
            }
        });
    }

    /// One program's part: a relay between a data channel and a socket, each direction on its own thread.
    private void side(Transport transport, Transport socket) {
        FrameChannel frames = new FrameChannel(transport, resources.buffers());
        frames.authenticated(true);
        DataStream stream = new DataStream(1, frames, new Alone());
        Relay relay = new Relay(socket, resources.buffers());
        start(() -> relay.receive(stream, stream));
        start(() -> relay.send(stream));
    }

    @Benchmark
    public void mebibyte() throws IOException {
        wanted.release();
        read(local.far(), MEBIBYTE);
    }

    @Benchmark
    public void roundTrip() throws IOException {
        visitor.near().write(out.clear().limit(SMALL));
        read(local.far(), SMALL);
        local.far().write(out.clear().limit(SMALL));
        read(visitor.near(), SMALL);
    }

    private void read(Transport from, int bytes) throws IOException {
        for (int left = bytes; left > 0; ) {
            int read = from.read(in.clear().limit(Math.min(left, in.capacity())));
            if (read < 0) {
                throw new EOFException("the relay has ended");
            }
            left -= read;
        }
    }

    @TearDown
    public void close() {
        visitor.close();
        channel.close();
        local.close();
        resources.close();
    }

    private interface Work {
        void run() throws IOException;
    }

    private static Thread start(Work work) {
        return Thread.ofVirtual().start(() -> {
            try {
                work.run();
            } catch (IOException closed) {
                // the end of the benchmark
            }
        });
    }

    /// A stream that is never reset and never over.
    private final class Alone implements DataStream.Surroundings {
        @Override
        public Deadlines deadlines() {
            return resources.deadlines();
        }

        @Override
        public void resetOnControl(long stream) {}

        @Override
        public void finished(DataStream stream) {}
    }
}
