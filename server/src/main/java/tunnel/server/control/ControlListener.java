package tunnel.server.control;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tunnel.net.Listener;
import tunnel.net.PeerFault;
import tunnel.net.PlainTransport;
import tunnel.net.Resources;
import tunnel.net.TlsTransport;
import tunnel.net.Transport;
import tunnel.protocol.Bytes;
import tunnel.protocol.CloseCode;
import tunnel.protocol.Frame;
import tunnel.protocol.FrameChannel;
import tunnel.protocol.Options;
import tunnel.protocol.Proofs;
import tunnel.protocol.ProtocolException;
import tunnel.protocol.RejectCode;
import tunnel.protocol.StoredKey;
import tunnel.protocol.VersionMismatch;
import tunnel.protocol.VersionRange;
import tunnel.server.registry.Limits;
import tunnel.server.registry.Registry;
import tunnel.server.tokens.NamedToken;
import tunnel.server.tokens.Standing;
import tunnel.server.tokens.TokenStore;

/// The control port: takes each connection from its first byte to the point where it is a session's control channel or one
/// of its data channels, all on the connection's own thread and within {@link Limits.Logins#firstFrame}.
public final class ControlListener implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ControlListener.class);
    private static final Duration GOODBYE = Duration.ofSeconds(1);
    private static final Duration END_SESSIONS = Duration.ofSeconds(2);
    private static final int NONCE_LENGTH = 32;
    private static final int SESSION_ID_LENGTH = 16;
    private static final int SECRET_LENGTH = 32;

    /// How clients are recognised.
    ///
    /// @param tls the server's key, or null to speak without TLS
    public record Trust(@Nullable SSLContext tls, TokenStore tokens) {}

    private volatile Listener listener;
    private final List<Listener> before = new CopyOnWriteArrayList<>(); // no longer accepting, their connections go on
    private final Trust trust;
    private final Registry registry;
    private final Limits limits;
    private final Resources resources;
    private final ClientGate gate;
    private final Sessions sessions;
    private final Semaphore turns = new Semaphore(Runtime.getRuntime().availableProcessors(), true);

    /// Clients come in after {@link #start}.
    ///
    /// @param listener bound, not started; closed with this
    public ControlListener(Listener listener, Trust trust, Registry registry, Limits limits, Resources resources) {
        this.listener = listener;
        this.trust = trust;
        this.registry = registry;
        this.limits = limits;
        this.resources = resources;
        this.gate = new ClientGate(limits);
        this.sessions = new Sessions(limits.logins());
    }

    public void start() {
        listener.start("control", gate, this::handle);
    }

    public int port() {
        return listener.port();
    }

    private void handle(PlainTransport connection, ClientGate.Pass pass) throws IOException {
        Transport transport =
                trust.tls == null ? connection : TlsTransport.server(connection, trust.tls, resources.buffers(), turns);
        try (FrameChannel frames = new FrameChannel(transport, resources.buffers())) {
            Greeting greeting = greet(frames);
            switch (greeting.first) {
                case Frame.Init init -> login(init, greeting.binding, frames, pass);
                case Frame.DataInit init -> attach(init, greeting.binding, frames, pass);
                case null -> log.debug("closed before it said anything");
                default ->
                    throw refuse(frames, RejectCode.PROTOCOL, "the first frame must be Init or DataInit", "");
            }
        }
    }

    private record Greeting(@Nullable Frame first, Bytes binding) {}

    private Greeting greet(FrameChannel frames) throws IOException {
        try (var deadline = resources.deadlines().after(limits.logins().firstFrame(), frames::abort)) {
            try {
                frames.transport().handshake();
                byte[] exporter = frames.transport().channelBinding();
                Bytes binding = exporter != null ? Bytes.of(exporter) : Bytes.random(NONCE_LENGTH);
                if (exporter == null) {
                    frames.write(new Frame.Challenge(binding));
                }
                return new Greeting(frames.read(), binding);
            } catch (VersionMismatch e) {
                throw refuse(frames, RejectCode.VERSION, String.valueOf(e.getMessage()), "");
            } catch (ProtocolException e) {
                throw refuse(frames, RejectCode.PROTOCOL, String.valueOf(e.getMessage()), "");
            } catch (IOException e) {
                if (deadline.expired()) {
                    throw new ProtocolException(
                            "no complete first frame came within " + limits.logins().firstFrame().toSeconds() + " s");
                }
                throw e;
            }
        }
    }

    /// Tells the peer what it may know, and returns what the log is to say.
    private PeerFault refuse(FrameChannel frames, RejectCode code, String told, String logged) {
        frames.abortAfter(new Frame.Reject(0, code, told), resources.deadlines());
        String line = logged.isEmpty() ? told : logged;
        boolean mayNot = code == RejectCode.UNAUTHORIZED || code == RejectCode.BUSY;
        return mayNot ? new LoginRefused(line) : new ProtocolException(line);
    }

    /// Its address has failed too often, so that its proof was not looked at.
    private PeerFault refuseUnchecked(FrameChannel frames, Duration delay) {
        String left = delay.toSeconds() + 1 + " s";
        return refuse(
                frames,
                RejectCode.BUSY,
                "too many logins from this address have failed, the next one is looked at in " + left,
                "login not looked at: too many from its address have failed, for another " + left);
    }

    private void login(Frame.Init init, Bytes binding, FrameChannel frames, ClientGate.Pass pass) throws IOException {
        Penalties.Checked<NamedToken> checked = pass.checkLogin(() -> trust.tokens.verify(init, binding));
        if (!checked.delay().isZero()) {
            throw refuseUnchecked(frames, checked.delay());
        }
        NamedToken token = checked.result();
        if (token == null) {
            throw refuse(
                    frames,
                    RejectCode.UNAUTHORIZED,
                    "the token was not accepted",
                    "login refused: token " + init.token().hex() + " is unknown or its proof is wrong");
        }
        StoredKey key = token.key();
        if (trust.tokens.standing(key.id()) == Standing.EXPIRED) {
            throw refuse(
                    frames,
                    RejectCode.TOKEN_EXPIRED,
                    Standing.EXPIRED.sentence() + "; ask for a new one",
                    "login refused: token " + token.name() + " has expired");
        }
        var unknown = init.options().firstUnknown(Options.PREVIOUS_SESSION);
        if (unknown != null) {
            throw refuse(
                    frames, RejectCode.UNSUPPORTED, "this server does not know option " + unknown.type() + " of Init", "");
        }
        boolean plain = trust.tls == null;
        Bytes id = Bytes.random(SESSION_ID_LENGTH);
        Bytes secret = plain ? Proofs.plainSecret(key, binding, init.nonce()) : Bytes.random(SECRET_LENGTH);
        Bytes proof = plain ? Proofs.server(key, binding, init.nonce(), id) : Bytes.NONE;
        try {
            supersede(init, key, binding);
        } catch (ProtocolException e) {
            throw refuse(frames, RejectCode.PROTOCOL, String.valueOf(e.getMessage()), "");
        }
        rename("session");

        pass.loggedIn();
        frames.authenticated(false);
        Session session = new Session(
                new Session.Identity(id, key.id(), secret),
                frames,
                new Session.Context(registry, limits, resources.deadlines(), trust.tokens, sessions));
        String full = sessions.add(session);
        if (full != null) {
            throw refuse(frames, RejectCode.BUSY, full, "");
        }
        try {
            if (!session.isAllowed()) { // revoked before endSessions() could see this one
                return;
            }
            session.run(new Frame.Welcome(
                    VersionRange.OURS.common(init.versions()),
                    id,
                    plain ? Bytes.NONE : secret,
                    proof,
                    Math.toIntExact(limits.sessions().heartbeat().toMillis()),
                    Options.NONE));
        } finally {
            sessions.remove(session);
        }
    }

    /// Ends the session that the client proves to have had before, so that its names are free for this one.
    private void supersede(Frame.Init init, StoredKey key, Bytes binding) throws ProtocolException {
        Bytes option = init.options().get(Options.PREVIOUS_SESSION);
        Session previous = option == null ? null : sessions.get(Proofs.previousSessionId(option));
        if (option != null
                && previous != null
                && previous.token().equals(key.id())
                && Proofs.verifyPrevious(option, previous.identity().id(), previous.identity().secret(), binding)) {
            previous.close(CloseCode.SUPERSEDED, "the same client came back on a new connection");
            sessions.remove(previous); // its thread may take a moment, and its place is needed now
        }
    }

    /// The session whose data channel the sender of `init` is, or null. Takes as long for one that is not known.
    private @Nullable Session verified(Frame.DataInit init, Bytes binding) {
        Session session = sessions.get(init.session());
        Bytes secret = session != null ? session.identity().secret() : Bytes.random(SECRET_LENGTH);
        return Proofs.verify(init, secret, binding) ? session : null;
    }

    private void attach(Frame.DataInit init, Bytes binding, FrameChannel frames, ClientGate.Pass pass)
            throws IOException {
        Penalties.Checked<Session> checked = sessions.get(init.session()) == null
                ? new Penalties.Checked<>(Duration.ZERO, verified(init, binding)) // no guess finds one of 2^128: a straggler
                : pass.checkData(() -> verified(init, binding));
        if (!checked.delay().isZero()) {
            throw refuseUnchecked(frames, checked.delay());
        }
        Session session = checked.result();
        if (session == null) {
            throw refuse(
                    frames,
                    RejectCode.UNAUTHORIZED,
                    "there is no such session",
                    "data channel refused: its session is unknown or its proof is wrong");
        }
        if (!session.isAllowed()) {
            throw refuse(
                    frames,
                    RejectCode.UNAUTHORIZED,
                    "there is no such session",
                    "data channel refused: the token of its session is no longer good");
        }
        var unknown = init.options().firstUnknown();
        if (unknown != null) {
            throw refuse(
                    frames,
                    RejectCode.UNSUPPORTED,
                    "this server does not know option " + unknown.type() + " of DataInit",
                    "");
        }
        if (!session.pool().wantsMore()) {
            log.debug("a data channel more than was asked for is refused");
            frames.abortAfter(
                    new Frame.Reject(0, RejectCode.SURPLUS, "this data channel was not asked for"), resources.deadlines());
            return;
        }
        pass.loggedIn();
        frames.authenticated(true);
        rename("data");
        new DataChannel(frames, session).run();
    }

    /// The connection's thread says what it is for, with the number that it has.
    private static void rename(String role) {
        Thread thread = Thread.currentThread();
        thread.setName(thread.getName().replaceFirst("^[a-z]+", role));
    }

    /// Lets no more clients in; those that there are stay.
    public void stopAccepting() {
        listener.drain();
    }

    /// Lets clients in again.
    ///
    /// @param again bound, not started; closed with this
    public void acceptAgain(Listener again) {
        before.add(listener);
        listener = again;
        start();
    }

    /// Tells the clients that this server stops: they look for another one, and stay until it is closed.
    public void goAway() {
        sessions.all().forEach(Session::goAway);
    }

    /// How many sessions of a token are alive.
    ///
    /// @param token its id
    public int sessions(Bytes token) {
        return sessions.of(token).size();
    }

    /// Ends all sessions whose token is no longer good, each on a thread of its own, since one whose client does not read takes a
    /// second. Returns when they have ended, or after 2 s.
    ///
    /// @param token its id, of one that was revoked already, so that no session of it can begin any more
    public void endSessions(Bytes token) {
        join(
                sessions.of(token).stream()
                        .map(session -> Thread.ofVirtual()
                                .name("goodbye-" + session.name())
                                .start(session::isAllowed))
                        .toList(),
                END_SESSIONS);
    }

    private static void join(List<Thread> threads, Duration most) {
        long end = System.nanoTime() + most.toNanos();
        try {
            for (Thread thread : threads) {
                var _ = thread.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Says goodbye to every client, which has a second to hear it, closes all connections, and returns when their threads
    /// have ended, or after 2 s.
    @Override
    public void close() {
        listener.stopAccepting(); // whoever hears the goodbye may dial again at once
        join(
                sessions.all().stream()
                        .map(session -> Thread.ofVirtual()
                                .name("goodbye-" + session.name())
                                .start(session::goodbye))
                        .toList(),
                GOODBYE);
        listener.close();
        before.forEach(Listener::close);
        gate.close();
    }
}
