package tunnel.server.control;

import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tunnel.net.Listener;
import tunnel.net.PlainTransport;
import tunnel.net.Resources;
import tunnel.net.TlsTransport;
import tunnel.net.Transport;
import tunnel.protocol.Bytes;
import tunnel.protocol.Frame;
import tunnel.protocol.FrameChannel;
import tunnel.protocol.ProtocolException;
import tunnel.protocol.RejectCode;
import tunnel.protocol.VersionMismatch;
import tunnel.server.registry.Limits;
import tunnel.server.registry.Registry;
import tunnel.server.tokens.TokenStore;

/// The control port: takes each connection from its first byte to its first frame, on the connection's own thread and within
/// {@link Limits.Logins#firstFrame}. What the frame asks for is the business of {@link Logins}.
public final class ControlListener implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ControlListener.class);
    private static final Duration GOODBYE = Duration.ofSeconds(1);
    private static final Duration END_SESSIONS = Duration.ofSeconds(2);
    private static final int NONCE_LENGTH = 32;

    /// How clients are recognised.
    ///
    /// @param tls the server's key, or null to speak without TLS
    public record Trust(@Nullable SSLContext tls, TokenStore tokens) {}

    private volatile Listener listener;
    private final List<Listener> before = new CopyOnWriteArrayList<>(); // no longer accepting, their connections go on
    private final Trust trust;
    private final Limits limits;
    private final Resources resources;
    private final ClientGate gate;
    private final Sessions sessions;
    private final Logins logins;

    /// Clients come in after {@link #start}.
    ///
    /// @param listener bound, not started; closed with this
    public ControlListener(Listener listener, Trust trust, Registry registry, Limits limits, Resources resources) {
        this.listener = listener;
        this.trust = trust;
        this.limits = limits;
        this.resources = resources;
        this.gate = new ClientGate(limits);
        this.sessions = new Sessions(limits.logins());
        this.logins = new Logins(
                new Session.Context(registry, limits, resources.deadlines(), trust.tokens, sessions), trust.tls == null);
    }

    public void start() {
        listener.start("control", gate, this::handle);
    }

    public int port() {
        return listener.port();
    }

    private void handle(PlainTransport connection, ClientGate.Pass pass) throws IOException {
        Transport transport =
                trust.tls == null ? connection : TlsTransport.server(connection, trust.tls, resources.buffers());
        try (FrameChannel frames = new FrameChannel(transport, resources.buffers())) {
            Greeting greeting = greet(frames);
            switch (greeting.first) {
                case Frame.Init init -> logins.login(init, greeting.binding, frames, pass);
                case Frame.DataInit init -> logins.attach(init, greeting.binding, frames, pass);
                case null -> log.debug("closed before it said anything");
                default ->
                    throw logins.refuse(frames, RejectCode.PROTOCOL, "the first frame must be Init or DataInit", "");
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
                throw logins.refuse(frames, RejectCode.VERSION, String.valueOf(e.getMessage()), "");
            } catch (ProtocolException e) {
                throw logins.refuse(frames, RejectCode.PROTOCOL, String.valueOf(e.getMessage()), "");
            } catch (IOException e) {
                if (deadline.expired()) {
                    throw new ProtocolException(
                            "no complete first frame came within " + limits.logins().firstFrame().toSeconds() + " s");
                }
                throw e;
            }
        }
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

    /// All sessions, the oldest first.
    public List<ClientState> clients() {
        return sessions.all().stream()
                .map(Session::state)
                .sorted(Comparator.comparing(ClientState::since))
                .toList();
    }

    /// Connections at this moment, data channels included.
    public int connections() {
        return gate.connections();
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
