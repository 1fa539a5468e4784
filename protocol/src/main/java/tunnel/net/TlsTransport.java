package tunnel.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/// TLS 1.3 over a plain transport, by the JDK's `SSLEngine`. One read brings as many records as there are, one write takes a
/// whole frame's, and unlike with `SSLSocket` a close never waits behind a writer that is blocked. At rest it holds no buffer.
///
/// Ciphertext is in heap buffers: the JDK's AES-GCM takes a third of the time for them, which a copy to the kernel's does not
/// cost.
public final class TlsTransport implements Transport {
    /// The protocol's name in ALPN.
    public static final String ALPN = "tunnel";

    private static final String EXPORTER_LABEL = "EXPORTER-Channel-Binding"; // RFC 9266, section 2
    private static final int EXPORTER_LENGTH = 32;
    /// Strong enough and the fastest where the processor knows AES; what else TLS 1.3 has for who does not.
    private static final String[] CIPHERS = {
        "TLS_AES_128_GCM_SHA256", "TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_256_GCM_SHA384"
    };
    /// What a client offers: the hybrid with ML-KEM from the first JDK that has it, so that who records today cannot read it one day,
    /// and X25519. With P-256 beside it the JDK would make a second key for each handshake.
    private static final String[] OFFERED = {"X25519MLKEM768", "x25519"};
    /// What a server takes: that, and P-256, which every implementation has (RFC 8446, section 9.1).
    private static final String[] TAKEN = {"X25519MLKEM768", "x25519", "secp256r1"};
    /// Of the kinds of key that servers have. The JDK keeps a list of all that it knows with each session.
    private static final String[] SIGNATURES = {"ed25519", "ecdsa_secp256r1_sha256"};
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final PlainTransport raw;
    private final SSLEngine engine;
    private final Buffers buffers;
    private final TlsInput input;

    /// Held for records to be made and written, so that they leave in the order in which they were made.
    private final ReentrantLock writing = new ReentrantLock();

    private TlsTransport(PlainTransport raw, SSLEngine engine, Buffers buffers) {
        this.raw = raw;
        this.engine = engine;
        this.buffers = buffers;
        this.input = new TlsInput(raw, engine, buffers);
    }

    /// The server's end; the handshake is the caller's to start.
    public static TlsTransport server(PlainTransport raw, SSLContext context, Buffers buffers) {
        return new TlsTransport(raw, configured(context.createSSLEngine(), false), buffers);
    }

    /// The client's end; the handshake is the caller's to start.
    public static TlsTransport client(PlainTransport raw, TlsClient tls, Buffers buffers) {
        return new TlsTransport(raw, configured(tls.engine(raw.remote()), true), buffers);
    }

    private static SSLEngine configured(SSLEngine engine, boolean client) {
        engine.setUseClientMode(client);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(new String[] {"TLSv1.3"});
        parameters.setCipherSuites(CIPHERS);
        parameters.setNamedGroups(client ? OFFERED : TAKEN); // of names it does not know the JDK makes nothing
        if (!client) {
            parameters.setSignatureSchemes(SIGNATURES);
        }
        parameters.setApplicationProtocols(new String[] {ALPN});
        engine.setSSLParameters(parameters);
        return engine;
    }

    /// On the thread that reads. Keys are computed elsewhere, see {@link Computing}.
    @Override
    public void handshake() throws IOException {
        try {
            engine.beginHandshake();
            while (true) {
                switch (engine.getHandshakeStatus()) {
                    case NEED_TASK -> compute();
                    case NEED_WRAP -> write(NOTHING.duplicate());
                    case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                        if (input.unwrap(NOTHING.duplicate()) < 0) {
                            throw new ClosedChannelException();
                        }
                    }
                    case FINISHED, NOT_HANDSHAKING -> {
                        failUnlessSecure();
                        input.secured(!engine.getUseClientMode());
                        return;
                    }
                }
            }
        } catch (SSLException e) {
            sayWhy(e);
            throw e;
        }
    }

    /// A peer that says farewell before it has begun ends the handshake too.
    private void failUnlessSecure() throws SSLException {
        if (!engine.getSession().getProtocol().equals("TLSv1.3")) {
            throw new SSLException("the handshake was broken off");
        }
    }

    private void compute() throws IOException {
        Runnable task = engine.getDelegatedTask();
        if (task == null) {
            return;
        }
        Computing.run(() -> {
            if (raw.isOpen()) { // else its time was up while it waited
                task.run();
            }
        });
        if (!raw.isOpen()) {
            throw new ClosedChannelException();
        }
    }

    /// The alert that the engine has ready for the peer.
    private void sayWhy(SSLException why) {
        try {
            if (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                write(NOTHING.duplicate());
            }
        } catch (IOException e) {
            why.addSuppressed(e);
        }
    }

    @Override
    public void peerIsKnown() {
        input.peerIsKnown();
    }

    @Override
    public byte @Nullable [] channelBinding() throws IOException {
        ExtendedSSLSession session = (ExtendedSSLSession) engine.getSession();
        return session.exportKeyingMaterialData(EXPORTER_LABEL, new byte[0], EXPORTER_LENGTH);
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        return input.read(target);
    }

    @Override
    public void awaitReadable() throws IOException {
        input.awaitReadable();
    }

    /// A record: with more room, as much ciphertext again would be held by each visitor who does not read.
    @Override
    public int bulkRead() {
        return Buffers.RECORD;
    }

    @Override
    public Transport carrier() {
        return raw;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        int length = source.remaining();
        writing.lock();
        try {
            do {
                writeRecords(source);
            } while (source.hasRemaining());
        } finally {
            writing.unlock();
        }
        return length;
    }

    /// As many as a buffer holds; one of the engine's own where there is nothing of ours.
    private void writeRecords(ByteBuffer source) throws IOException {
        ByteBuffer out = buffers.takeToWrite(source.remaining());
        try {
            SSLEngineResult result = engine.wrap(source, out);
            while (result.getStatus() == Status.OK && result.bytesProduced() > 0 && source.hasRemaining()) {
                result = engine.wrap(source, out);
            }
            if (result.getStatus() == Status.CLOSED && source.hasRemaining()) {
                throw new ClosedChannelException();
            }
            if (out.position() == 0 && result.getStatus() != Status.CLOSED) {
                throw new SSLException("nothing can be written: " + result.getHandshakeStatus());
            }
            raw.write(out.flip());
        } finally {
            buffers.giveWritten(out);
        }
    }

    @Override
    public void shutdownOutput() throws IOException {
        writing.lock();
        try {
            engine.closeOutbound();
            writeRecords(NOTHING.duplicate());
        } finally {
            writing.unlock();
        }
        raw.shutdownOutput();
    }

    @Override
    public boolean hasStalled(long now, Duration most) {
        return raw.hasStalled(now, most);
    }

    @Override
    public void reset() {
        try {
            raw.reset();
        } finally {
            input.endLargeRead();
        }
    }

    @Override
    public boolean isOpen() {
        return raw.isOpen();
    }

    /// Frames say where they end, so no TLS farewell is needed, and none can block.
    @Override
    public void close() {
        try {
            raw.close();
        } finally {
            input.endLargeRead();
        }
    }

    @Override
    public InetSocketAddress remote() {
        return raw.remote();
    }
}
