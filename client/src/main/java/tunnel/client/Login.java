package tunnel.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.EOFException;
import java.io.IOException;
import java.io.Serial;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tunnel.cli.RefusedException;
import tunnel.log.Printable;
import tunnel.net.Deadlines.Deadline;
import tunnel.protocol.Bytes;
import tunnel.protocol.Frame;
import tunnel.protocol.FrameChannel;
import tunnel.protocol.Options;
import tunnel.protocol.Proofs;
import tunnel.protocol.ProtocolException;
import tunnel.protocol.StoredKey;
import tunnel.protocol.VersionRange;

/// How a session begins: `Init` with the proof of the token, the wishes right behind it, and the server's answer. Used by one
/// thread.
final class Login {
    private static final int NONCE_LENGTH = 32;
    private static final int SECRET_LENGTH = 32;

    private final ServerLink link;
    private final ClientTunnels tunnels;
    private final Watchers watchers;

    private ClientSession.@Nullable Identity previous; // the next session continues it

    Login(ServerLink link, ClientTunnels tunnels, Watchers watchers) {
        this.link = link;
        this.tunnels = tunnels;
        this.watchers = watchers;
    }

    /// Makes a session of a connection, which is the session's from then on. Where that fails it stays the caller's.
    ClientSession on(ServerLink.Connection connection) throws IOException, RefusedException {
        FrameChannel frames = connection.frames();
        Bytes nonce = Bytes.random(NONCE_LENGTH);
        try (Deadline _ = link.resources().deadlines().after(ServerLink.PATIENCE, frames::abort)) {
            frames.write(Proofs.init(link.join().token(), connection.binding(), nonce, options(connection.binding())));
            Map<Integer, ClientTunnel> asked = tunnels.present();
            for (ClientTunnel tunnel : asked.values()) {
                frames.write(tunnel.bind());
            }
            return switch (frames.read()) {
                case Frame.Welcome welcome -> begin(welcome, connection, nonce, asked);
                case Frame.Reject reject -> throw refused(reject);
                case null -> throw new EOFException("the server closed the connection");
                default -> throw new ProtocolException("the server did not answer Init with Welcome or Reject");
            };
        }
    }

    /// The next session continues that one, in place of the last that was begun.
    void continues(ClientSession session) {
        previous = session.identity();
    }

    private Options options(Bytes binding) {
        ClientSession.Identity last = previous;
        return last == null
                ? Options.NONE
                : Options.NONE.with(
                        Options.PREVIOUS_SESSION, Proofs.previousSession(last.id(), last.secret(), binding));
    }

    private ClientSession begin(
            Frame.Welcome welcome, ServerLink.Connection connection, Bytes nonce, Map<Integer, ClientTunnel> asked)
            throws IOException, RefusedException {
        if (VersionRange.OURS.common(new VersionRange(welcome.version(), welcome.version())) == 0) {
            throw new ProtocolException("the server chose protocol version " + welcome.version());
        }
        var unknown = welcome.options().firstUnknown();
        if (unknown != null) {
            throw new ProtocolException("option " + unknown.type() + " of Welcome is not known here");
        }
        int length = link.isPlain() ? 0 : SECRET_LENGTH;
        if (welcome.secret().length() != length) {
            throw new ProtocolException("the secret in Welcome has " + welcome.secret().length() + " bytes, not " + length);
        }
        Bytes secret = link.isPlain() ? plainSecret(welcome, connection.binding(), nonce) : welcome.secret();
        connection.frames().authenticated(false);
        Bytes rights = welcome.options().get(Options.RIGHTS);
        if (rights != null) {
            watchers.told().loggedIn(Printable.of(new String(rights.toArray(), UTF_8)));
        }
        Duration heartbeat = Duration.ofMillis(Math.clamp(welcome.heartbeatMillis(), 100, 300_000));
        previous = new ClientSession.Identity(welcome.session(), secret, heartbeat);
        return new ClientSession(previous, connection, link, asked, watchers);
    }

    private Bytes plainSecret(Frame.Welcome welcome, Bytes binding, Bytes nonce) throws RefusedException {
        StoredKey key = link.join().token().storedKey();
        if (!welcome.proof().equals(Proofs.server(key, binding, nonce, welcome.session()))) {
            throw new RefusedException("whoever answers at " + link.join().server()
                    + " does not know the token: it is not the server that made the join string. See whether its address is"
                    + " right, or run 'tunnel-client login' with its own join string");
        }
        return Proofs.plainSecret(key, binding, nonce);
    }

    /// The server takes no more at the moment, and says why.
    static final class Busy extends IOException {
        @Serial
        private static final long serialVersionUID = 1;

        Busy(String why) {
            super(why);
        }
    }

    private RefusedException refused(Frame.Reject reject) throws IOException {
        String told = Printable.of(reject.message());
        String server = link.join().server().toString();
        return switch (reject.code()) {
            case UNAUTHORIZED -> new RefusedException("the server at " + server + " does not accept this token."
                    + " Run 'tunnel-client login' with the join string that tunnel-server printed");
            case VERSION -> new RefusedException(told + ". Update whichever of the two is older");
            case BUSY -> throw new Busy(told);
            case TOKEN_EXPIRED -> new RefusedException("the server at " + server + " refused the connection: " + told);
            case PROTOCOL, UNSUPPORTED, NAME_TAKEN, NAME_INVALID, PORT_TAKEN, PORT_NOT_ALLOWED, NO_PORT_LEFT,
                    HOST_TAKEN, HOST_NOT_ALLOWED, NAME_NOT_ALLOWED, SURPLUS, OTHER ->
                new RefusedException("the server at " + server + " refused the connection: " + told
                        + ". Ask whoever runs it");
        };
    }
}
