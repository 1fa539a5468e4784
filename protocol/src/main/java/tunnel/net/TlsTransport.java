package tunnel.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;
import tlschannel.BufferAllocator;
import tlschannel.ClientTlsChannel;
import tlschannel.NeedsTaskException;
import tlschannel.ServerTlsChannel;
import tlschannel.TlsChannel;

/// TLS 1.3 over a plain transport. SSLEngine by way of the tls-channel library: a record costs one read, and unlike with
/// `SSLSocket` a close never waits behind a writer that is blocked.
public final class TlsTransport implements Transport {
    /// The protocol's name in ALPN.
    public static final String ALPN = "tunnel";

    private static final String EXPORTER_LABEL = "EXPORTER-Channel-Binding"; // RFC 9266, section 2
    private static final int EXPORTER_LENGTH = 32;

    private final PlainTransport raw;
    private final TlsChannel tls;
    private final Semaphore turns;
    private boolean outputShut; // the reader's thread only

    private TlsTransport(PlainTransport raw, TlsChannel tls, Semaphore turns) {
        this.raw = raw;
        this.tls = tls;
        this.turns = turns;
    }

    /// The server's end; the handshake is the caller's to start.
    ///
    /// @param turns fair, with as many permits as there are processors: keys are computed under one. Where hundreds of clients
    ///     come at once and all compute in parallel, the first of them is through hardly before the last. One that waits for
    ///     its turn, or computes, does not wait for its client, so that nobody can hold others up.
    public static TlsTransport server(PlainTransport raw, SSLContext context, Buffers buffers, Semaphore turns) {
        TlsChannel tls = ServerTlsChannel.newBuilder(raw, context)
                .withEngineFactory(TlsTransport::serverEngine)
                .withEncryptedBufferAllocator(new StockAllocator(buffers))
                .withRunTasks(false)
                .build();
        return new TlsTransport(raw, tls, turns);
    }

    private static SSLEngine serverEngine(SSLContext context) {
        return configured(context.createSSLEngine(), false);
    }

    /// The client's end; the handshake is the caller's to start. The address lets TLS sessions be resumed.
    public static TlsTransport client(PlainTransport raw, SSLContext context, Buffers buffers) {
        String peer = raw.remote().getAddress().getHostAddress();
        SSLEngine engine = configured(context.createSSLEngine(peer, raw.remote().getPort()), true);
        TlsChannel tls = ClientTlsChannel.newBuilder(raw, engine)
                .withEncryptedBufferAllocator(new StockAllocator(buffers))
                .build();
        return new TlsTransport(raw, tls, new Semaphore(1)); // never asked: the library runs its tasks itself
    }

    private static SSLEngine configured(SSLEngine engine, boolean client) {
        engine.setUseClientMode(client);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(new String[] {"TLSv1.3"});
        parameters.setApplicationProtocols(new String[] {ALPN});
        engine.setSSLParameters(parameters);
        return engine;
    }

    @Override
    public void handshake() throws IOException {
        while (true) {
            try {
                tls.handshake();
                return;
            } catch (NeedsTaskException e) {
                compute(e.getTask());
            }
        }
    }

    private void compute(Runnable task) throws IOException {
        turns.acquireUninterruptibly();
        try {
            if (!raw.isOpen()) {
                throw new ClosedChannelException(); // its time was up while it waited
            }
            task.run();
        } finally {
            turns.release();
        }
    }

    @Override
    public byte @Nullable [] channelBinding() throws IOException {
        ExtendedSSLSession session = (ExtendedSSLSession) tls.getSslEngine().getSession();
        return session.exportKeyingMaterialData(EXPORTER_LABEL, new byte[0], EXPORTER_LENGTH);
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        // after its own farewell the library reads nothing; what still comes is only read to be thrown away
        while (true) {
            try {
                return outputShut ? raw.read(target) : tls.read(target);
            } catch (NeedsTaskException e) {
                compute(e.getTask()); // none is known after the handshake
            }
        }
    }

    /// A record: more room would only be held, by each visitor who does not read as well.
    @Override
    public int largestRead() {
        return Buffers.RECORD;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        return tls.write(source);
    }

    @Override
    public void shutdownOutput() throws IOException {
        outputShut = true;
        tls.shutdown();
        raw.shutdownOutput();
    }

    @Override
    public boolean hasStalled(long now, Duration most) {
        return raw.hasStalled(now, most);
    }

    @Override
    public void reset() {
        raw.reset();
    }

    @Override
    public boolean isOpen() {
        return raw.isOpen();
    }

    /// Frames say where they end, so no TLS farewell is needed, and none can block.
    @Override
    public void close() {
        raw.close();
    }

    @Override
    public InetSocketAddress remote() {
        return raw.remote();
    }

    /// Lends the library buffers for records from the common stock.
    private record StockAllocator(Buffers buffers) implements BufferAllocator {
        @Override
        public ByteBuffer allocate(int size) {
            return buffers.take(size);
        }

        @Override
        public void free(ByteBuffer buffer) {
            buffers.give(buffer);
        }
    }
}
