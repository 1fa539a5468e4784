package tunnel.client;

import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tunnel.cli.RefusedException;
import tunnel.client.Pinning.PinMismatch;
import tunnel.client.ServerLink.NoChallenge;
import tunnel.log.Printable;
import tunnel.net.Backoff;
import tunnel.net.Deadlines.Deadline;
import tunnel.net.Resources;
import tunnel.protocol.Bytes;
import tunnel.protocol.Frame;
import tunnel.protocol.FrameChannel;
import tunnel.protocol.Options;
import tunnel.protocol.Proofs;
import tunnel.protocol.ProtocolException;
import tunnel.protocol.StoredKey;
import tunnel.protocol.VersionRange;

/// A whole client: keeps a session with the server, and when one is lost dials again and asks for the same tunnels.
public final class TunnelClient implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TunnelClient.class);
    private static final int NONCE_LENGTH = 32;

    /// What proves that the next session continues the last one.
    private record Previous(Bytes session, Bytes secret) {}

    private final Resources resources = new Resources();
    private final ServerLink link;
    private final Map<Integer, ClientTunnel> tunnels = new TreeMap<>();
    private final Console console;
    private final Backoff backoff = new Backoff();

    private volatile boolean closed;
    private volatile @Nullable ClientSession session;
    private volatile @Nullable FrameChannel dialling;
    private volatile @Nullable Thread runner;

    // the runner's thread only
    private @Nullable Previous previous;
    private boolean everConnected;
    private boolean complained; // since the last session

    public TunnelClient(ClientSettings settings, Console console) {
        this.link = new ServerLink(settings.join(), settings.plain(), resources);
        this.console = console;
        tunnels.put(1, new ClientTunnel(1, settings.tunnel(), resources));
    }

    /// Runs until {@link #close} or until the server does not want this client.
    ///
    /// @throws RefusedException with a sentence for the user
    public void run() throws RefusedException {
        runner = Thread.currentThread();
        try {
            while (!closed) {
                connect();
                if (!closed) {
                    Thread.sleep(backoff.next());
                }
            }
        } catch (InterruptedException e) {
            // closed
        }
    }

    private void connect() throws RefusedException {
        String lost;
        try {
            ServerLink.Connection connection = link.dial();
            try (FrameChannel frames = connection.frames()) {
                dialling = frames;
                ClientSession begun = login(connection);
                session = begun;
                if (closed) {
                    begun.leave();
                }
                connected(begun);
                lost = begun.run();
            } finally {
                session = null;
                dialling = null;
            }
        } catch (IOException e) {
            failed(e);
            return;
        }
        if (!closed) {
            log.warn("the connection to the server was lost: {}. Reconnecting", lost);
        }
    }

    private void connected(ClientSession begun) {
        log.info("{} to {}{}", everConnected ? "connected again" : "connected", server(), link.isPlain() ? " without TLS" : "");
        previous = new Previous(begun.id(), begun.secret());
        everConnected = true;
        complained = false;
        backoff.succeeded();
    }

    private String server() {
        return link.join().server().toString();
    }

    /// Sends `Init` and, without waiting, what is wished for; reads the answer.
    private ClientSession login(ServerLink.Connection connection) throws IOException, RefusedException {
        FrameChannel frames = connection.frames();
        Bytes nonce = Bytes.random(NONCE_LENGTH);
        try (Deadline _ = resources.deadlines().after(ServerLink.PATIENCE, frames::abort)) {
            frames.write(Proofs.init(link.join().token(), connection.binding(), nonce, options(connection.binding())));
            for (ClientTunnel tunnel : tunnels.values()) {
                frames.write(tunnel.bind());
            }
            return switch (frames.read()) {
                case Frame.Welcome welcome -> begin(welcome, frames, connection.binding(), nonce);
                case Frame.Reject reject -> throw refused(reject);
                case null -> throw new EOFException("the server closed the connection");
                default -> throw new ProtocolException("the server did not answer Init with Welcome or Reject");
            };
        }
    }

    private Options options(Bytes binding) {
        Previous last = previous;
        return last == null
                ? Options.NONE
                : Options.NONE.with(
                        Options.PREVIOUS_SESSION, Proofs.previousSession(last.session, last.secret, binding));
    }

    private ClientSession begin(Frame.Welcome welcome, FrameChannel frames, Bytes binding, Bytes nonce)
            throws IOException, RefusedException {
        if (VersionRange.OURS.common(new VersionRange(welcome.version(), welcome.version())) == 0) {
            throw new ProtocolException("the server chose protocol version " + welcome.version());
        }
        var unknown = welcome.options().firstUnknown();
        if (unknown != null) {
            throw new ProtocolException("option " + unknown.type() + " of Welcome is not known here");
        }
        Bytes secret = welcome.secret();
        if (link.isPlain()) {
            StoredKey key = link.join().token().storedKey();
            if (!welcome.proof().equals(Proofs.server(key, binding, nonce, welcome.session()))) {
                throw new RefusedException("whoever answers at " + server()
                        + " does not know the token: it is not the server that made the join string");
            }
            secret = Proofs.plainSecret(key, binding, nonce);
        }
        frames.authenticated(false);
        Duration heartbeat = Duration.ofMillis(Math.clamp(welcome.heartbeatMillis(), 100, 300_000));
        return new ClientSession(
                new ClientSession.Identity(welcome.session(), secret, heartbeat), frames, link, tunnels, console);
    }

    private RefusedException refused(Frame.Reject reject) throws IOException {
        String told = Printable.of(reject.message());
        return switch (reject.code()) {
            case UNAUTHORIZED -> new RefusedException("the server at " + server() + " does not accept this token."
                    + " Run 'tunnel-client login' with the join string that tunnel-server printed");
            case VERSION -> new RefusedException(told + ". Update whichever of the two is older");
            case BUSY -> throw new IOException("the server is busy: " + told);
            case PROTOCOL, UNSUPPORTED, NAME_TAKEN, NAME_INVALID, PORT_TAKEN, PORT_NOT_ALLOWED, NO_PORT_LEFT,
                    HOST_TAKEN, HOST_NOT_ALLOWED, NAME_NOT_ALLOWED, TOKEN_EXPIRED, SURPLUS, OTHER ->
                new RefusedException("the server at " + server() + " refused the connection: " + told);
        };
    }

    /// Says once what keeps it from the server; gives up where trying again cannot help.
    private void failed(IOException e) throws RefusedException {
        if (closed) {
            return;
        }
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof PinMismatch mismatch) {
                throw new RefusedException("the server at " + server() + " is not the one in the join string: "
                        + mismatch.getMessage() + ", not " + link.join().pin()
                        + ". If it was set up anew, run 'tunnel-client login' with its new join string;"
                        + " otherwise somebody else answers there");
            }
        }
        if (!everConnected && e instanceof SSLException) {
            throw new RefusedException("no TLS with the server at " + server() + " (" + Printable.of(e.getMessage())
                    + "). If it runs with --plain, this client needs --plain too; or is it another program's port?");
        }
        if (!everConnected && e instanceof NoChallenge) {
            throw new RefusedException("the server at " + server() + " does not greet as one without TLS does."
                    + " Leave --plain out here, or start the server with --plain too");
        }
        if (!complained) {
            complained = true;
            log.warn("cannot reach {}: {}. Is tunnel-server running there? Retrying", server(), Printable.of(e.getMessage()));
        }
    }

    /// Leaves the server and closes all connections, within 2 s; {@link #run} returns. Closing again does nothing.
    @Override
    public void close() {
        closed = true;
        ClientSession now = session;
        if (now != null) {
            now.leave();
        }
        FrameChannel half = dialling;
        if (half != null) {
            half.abort();
        }
        Thread running = runner;
        if (running != null) {
            running.interrupt();
        }
        tunnels.values().forEach(ClientTunnel::close);
        resources.close();
    }
}
