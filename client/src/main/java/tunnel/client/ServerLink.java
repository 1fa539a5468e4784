package tunnel.client;

import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import tunnel.net.Dialer;
import tunnel.net.PlainTransport;
import tunnel.net.Resources;
import tunnel.net.TlsTransport;
import tunnel.net.Transport;
import tunnel.protocol.Bytes;
import tunnel.protocol.Frame;
import tunnel.protocol.FrameChannel;
import tunnel.protocol.JoinString;
import tunnel.protocol.ProtocolException;

/// How to reach the server's control port: makes connections that are ready for their first frame.
final class ServerLink {
    /// For the TCP connection, and again for the handshake.
    static final Duration PATIENCE = Duration.ofSeconds(10);
    /// For the greeting of a server without TLS, which needs one way of the network. Shorter than the 5 s for which a server
    /// with TLS waits for a handshake: when that one closes, it would look like a server that is just being restarted.
    private static final Duration GREETING = Duration.ofSeconds(3);

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
        try {
            return new Connection(frames, tls == null ? greeting(frames) : handshake(frames));
        } catch (IOException | RuntimeException e) {
            frames.close();
            throw e;
        }
    }

    private Bytes handshake(FrameChannel frames) throws IOException {
        try (var _ = resources.deadlines().after(PATIENCE, frames::abort)) {
            frames.transport().handshake();
            return Bytes.of(Objects.requireNonNull(frames.transport().channelBinding()));
        }
    }

    private Bytes greeting(FrameChannel frames) throws IOException {
        try (var deadline = resources.deadlines().after(GREETING, frames::abort)) {
            try {
                return switch (frames.read()) {
                    case Frame.Challenge challenge -> challenge.nonce();
                    case null -> throw new EOFException("the server closed the connection");
                    default -> throw new NoChallenge();
                };
            } catch (ProtocolException e) {
                throw new NoChallenge();
            } catch (IOException e) {
                throw deadline.expired() ? new NoChallenge() : e;
            }
        }
    }
}
