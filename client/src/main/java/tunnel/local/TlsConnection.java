package tunnel.local;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import tunnel.net.CutOffException;
import tunnel.net.PlainTransport;
import tunnel.net.Transport;

/// TLS by the JDK's `SSLSocket`, which speaks to services of any version. What `SSLSocket` costs in memory is no matter for a local service's connections; its `close()`, which may wait for
/// a writer that is blocked, is never called: closing the socket below it ends both.
final class TlsConnection implements Transport {
    private static final int RECORD = 16 << 10; // RFC 8446, section 5.1

    private final PlainTransport raw;
    private final SSLSocket tls;
    private byte @Nullable [] input; // the reader's thread only
    private byte @Nullable [] output; // the writer's thread only

    /// Takes over `raw`; the handshake is the caller's to start.
    TlsConnection(PlainTransport raw, SSLSocket tls) {
        this.raw = raw;
        this.tls = tls;
    }

    @Override
    public void handshake() throws IOException {
        tls.startHandshake();
    }

    @Override
    public byte @Nullable [] channelBinding() {
        return null;
    }

    /// A connection that ends without TLS's farewell may have been cut off: a response that only the connection's end completes
    /// is not to look whole then (RFC 9112, section 9.8). One that says its length has arrived all the same.
    @Override
    public int read(ByteBuffer target) throws IOException {
        if (input == null) {
            input = new byte[RECORD];
        }
        int read;
        try {
            read = tls.getInputStream().read(input, 0, Math.min(RECORD, target.remaining()));
        } catch (SSLException e) {
            throw new CutOffException("TLS ended without its farewell: " + e.getMessage(), e);
        }
        if (read > 0) {
            target.put(input, 0, read);
        }
        return read;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        if (output == null) {
            output = new byte[RECORD];
        }
        int total = source.remaining();
        while (source.hasRemaining()) {
            int length = Math.min(RECORD, source.remaining());
            source.get(output, 0, length);
            tls.getOutputStream().write(output, 0, length);
        }
        return total;
    }

    /// By the thread that writes. Before TLS 1.3 a farewell ends both halves at once (RFC 5246, section 7.2.1), and would cost
    /// the rest of the answer: there the service is told nothing until the connection is closed.
    @Override
    public void shutdownOutput() throws IOException {
        if (tls.getSession().getProtocol().equals("TLSv1.3")) {
            tls.shutdownOutput();
        }
    }

    /// A local service that does not read is its owner's business, so nobody asks.
    @Override
    public boolean hasStalled(long now, Duration most) {
        return false;
    }

    @Override
    public void reset() {
        raw.reset();
    }

    @Override
    public boolean isOpen() {
        return raw.isOpen();
    }

    @Override
    public void close() {
        raw.close();
    }

    @Override
    public InetSocketAddress remote() {
        return raw.remote();
    }
}
