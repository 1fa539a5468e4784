package tunnel.client;

import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import tunnel.net.PlainTransport;
import tunnel.net.Resources;
import tunnel.net.TlsTransport;
import tunnel.net.Transport;
import tunnel.protocol.Bytes;
import tunnel.protocol.Frame;
import tunnel.protocol.FrameChannel;
import tunnel.protocol.JoinString;

/// How to reach the server's control port: makes connections that are ready for their first frame.
final class ServerLink {
    /// For the TCP connection, and again for the handshake.
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private final JoinString join;
    private final @Nullable SSLContext tls; // null without TLS
    private final Resources resources;

    ServerLink(JoinString join, boolean plain, Resources resources) {
        this.join = join;
        this.tls = plain ? null : Pinning.context(join.pin());
        this.resources = resources;
    }

    /// A connection on which the server has not heard a frame yet.
    ///
    /// @param binding what proofs on it are bound to: the TLS exporter's value, or the server's nonce
    record Connection(FrameChannel frames, Bytes binding) {}

    /// The server at the other end does not greet as one without TLS does.
    static final class NoChallenge extends IOException {
        @java.io.Serial
        private static final long serialVersionUID = 1;

        NoChallenge() {
            super("the server did not greet");
        }
    }

    boolean isPlain() {
        return tls == null;
    }

    JoinString join() {
        return join;
    }

    Resources resources() {
        return resources;
    }

    /// Dials and completes the handshake. The caller owns the channel, and reads it.
    Connection dial() throws IOException {
        PlainTransport raw = Dialer.connect(join.server(), PATIENCE);
        Transport transport = tls == null ? raw : TlsTransport.client(raw, tls, resources.buffers());
        FrameChannel frames = new FrameChannel(transport, resources.buffers());
        try (var deadline = resources.deadlines().after(PATIENCE, frames::abort)) {
            transport.handshake();
            byte[] exporter = transport.channelBinding();
            if (exporter != null) {
                return new Connection(frames, Bytes.of(exporter));
            }
            try {
                if (frames.read() instanceof Frame.Challenge challenge) {
                    return new Connection(frames, challenge.nonce());
                }
                throw new EOFException("the server closed the connection");
            } catch (IOException e) {
                throw deadline.expired() ? new NoChallenge() : e;
            }
        } catch (IOException | RuntimeException e) {
            frames.close();
            throw e;
        }
    }
}
