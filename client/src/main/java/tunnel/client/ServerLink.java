package tunnel.client;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tunnel.net.Dialer;
import tunnel.net.PlainTransport;
import tunnel.net.Resources;
import tunnel.net.TlsClient;
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
    /// The least for a TCP connection where one is in a hurry: two round trips to anywhere.
    private static final Duration LEAST_HASTE = Duration.ofMillis(500);
    private static final int HASTE_FACTOR = 4;
    /// For the greeting of a server without TLS, which needs one way of the network. Shorter than the 5 s for which a server
    /// with TLS waits for a handshake: when that one closes, it would look like a server that is just being restarted.
    private static final Duration GREETING = Duration.ofSeconds(3);

    private final JoinString join;
    private final @Nullable TlsClient tls; // null without TLS
    private final Resources resources;
    private volatile @Nullable Duration lastConnect; // how long the last one that succeeded took; null before

    ServerLink(JoinString join, boolean plain, Resources resources) {
        this.join = join;
        this.tls = plain ? null : Pinning.tls(join.pin());
        this.resources = resources;
    }

    /// A connection on which the server has not heard a frame yet.
    ///
    /// @param binding what proofs on it are bound to: the TLS exporter's value, or the server's nonce
    /// @param local this machine's address
    record Connection(FrameChannel frames, Bytes binding, InetAddress local) {}

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
    ///
    /// @param early whether it is a dial again, and the loss less than a minute ago
    Connection dial(boolean early) throws IOException {
        PlainTransport raw = connect(early ? haste() : PATIENCE);
        Transport transport = tls == null ? raw : TlsTransport.client(raw, tls, resources.buffers());
        FrameChannel frames = new FrameChannel(transport, resources.buffers());
        try {
            return new Connection(frames, tls == null ? greeting(frames) : handshake(frames), raw.local());
        } catch (IOException | RuntimeException e) {
            frames.close();
            throw e;
        }
    }

    /// The same for a control channel, whose data channels will resume its TLS session.
    Connection dialControl(boolean early) throws IOException {
        if (tls != null) {
            tls.beginAgain();
        }
        return dial(early);
    }

    private PlainTransport connect(Duration most) throws IOException {
        long started = System.nanoTime();
        PlainTransport raw = Dialer.connect(join.server(), most);
        lastConnect = Duration.ofNanos(System.nanoTime() - started);
        return raw;
    }

    /// While the network is away a SYN is lost, and repeated after 1 s, 3 s, 7 s: a dial that began then finds the network
    /// back up to 4 s late. A new dial sends a new SYN, so early ones do not wait much longer than the network was seen to
    /// need. Later ones have all patience, in case it has become that slow.
    private Duration haste() {
        Duration last = lastConnect;
        if (last == null) {
            return PATIENCE;
        }
        Duration most = last.multipliedBy(HASTE_FACTOR);
        return most.compareTo(LEAST_HASTE) < 0 ? LEAST_HASTE : most.compareTo(PATIENCE) > 0 ? PATIENCE : most;
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
