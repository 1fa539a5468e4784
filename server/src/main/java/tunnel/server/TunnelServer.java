package tunnel.server;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tunnel.admin.AdminCommand;
import tunnel.admin.AdminSocket;
import tunnel.home.PrivateFiles;
import tunnel.net.HostPort;
import tunnel.net.Listener;
import tunnel.net.Resources;
import tunnel.protocol.JoinString;
import tunnel.server.access.AccessLog;
import tunnel.server.control.ControlListener;
import tunnel.server.edge.Edge;
import tunnel.server.edge.TrustedProxies;
import tunnel.server.edge.Visits;
import tunnel.server.lease.LeaseJournal;
import tunnel.server.registry.Leases;
import tunnel.server.registry.PublicAddress;
import tunnel.server.registry.PublicUrl;
import tunnel.server.registry.Registry;

/// A whole server: wires the visitors' side, the clients' side and the registry between them, starts them and closes them.
public final class TunnelServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TunnelServer.class);

    static final String LEASES = "leases";

    private static final Duration TOKENS_LOOK = Duration.ofMillis(500);

    private final StateDirectory state;
    private final Leases leases;
    private final Resources resources;
    private final AccessLog accessLog;
    private final @Nullable AdminSocket admin;
    private final Edge edge;
    private final ControlListener control;
    private final ServerTokens tokens;
    private final HandOver handOver;

    /// What both sides stand on; closed last.
    ///
    /// @param admin null where it could not be opened
    private record Ground(
            StateDirectory state,
            Leases leases,
            Resources resources,
            AccessLog accessLog,
            @Nullable AdminSocket admin) {}

    private TunnelServer(Ground ground, Edge edge, ControlListener control, ServerTokens tokens, HandOver handOver) {
        this.state = ground.state;
        this.leases = ground.leases;
        this.resources = ground.resources;
        this.accessLog = ground.accessLog;
        this.admin = ground.admin;
        this.edge = edge;
        this.control = control;
        this.tokens = tokens;
        this.handOver = handOver;
    }

    /// Reads the state, binds the ports and begins to serve.
    ///
    /// @throws IOException with a sentence for the operator; nothing stays open then
    public static TunnelServer start(ServerSettings settings) throws IOException {
        return start(settings, InstantSource.system());
    }

    /// The same by another clock, which says when tokens expire.
    public static TunnelServer start(ServerSettings settings, InstantSource clock) throws IOException {
        Closing closing = new Closing();
        try {
            Successor successor = settings.takeOver() ? Successor.of(settings.stateDirectory()) : null;
            if (successor != null) {
                closing.onFailure(successor);
            }
            return start(settings, clock, successor, closing);
        } catch (IOException | RuntimeException e) {
            closing.close();
            throw e;
        }
    }

    /// @param successor null where no other server runs
    private static TunnelServer start(
            ServerSettings settings, InstantSource clock, @Nullable Successor successor, Closing closing) throws IOException {
        Ports ports = new Ports(settings.addresses(), successor != null);
        StateDirectory state = closing.onFailure(StateDirectory.open(settings.stateDirectory()));
        ServerKey key = ServerKey.in(state);
        LeaseJournal journal = closing.onFailure(LeaseJournal.open(state.path(LEASES)));
        Listener controlListener = closing.onFailure(
                ports.control(successor == null ? settings.controlPort() : successor.controlPort(settings.controlPort())));
        // where another server still listens, a port that is shared gets visitors, and clients have to be there before
        boolean ownHttpPort = successor == null || !successor.hasHttpPort(settings.httpPort());
        Listener early = ownHttpPort
                ? closing.onFailure(new Ports(settings.addresses(), false).http(settings.httpPort()))
                : null;
        int httpPort = early != null ? early.port() : Objects.requireNonNull(successor).httpPort();
        HostPort controlAddress = new HostPort(settings.domain(), controlListener.port());
        ServerTokens tokens = ServerTokens.in(state, controlAddress, key.pin(), clock);
        Resources resources = closing.onFailure(new Resources());
        AccessLog accessLog = closing.onFailure(AccessLog.open(settings.publicSide().accessLog()));

        Visits visits = new Visits(accessLog, new TrustedProxies(settings.publicSide().trustedProxies()));
        Edge edge = closing.onFailure(new Edge(settings.addresses(), settings.limits(), resources, visits));
        edge.share(successor != null);
        Leases leases = new Leases(journal, resources.deadlines(), settings.limits().sessions().leaseGrace());
        Registry registry = new Registry(address(settings, httpPort), settings.ports(), edge, leases);
        ControlListener control = closing.onFailure(new ControlListener(
                controlListener,
                new ControlListener.Trust(settings.plain() ? null : key.tls(), tokens.store()),
                registry,
                settings.limits(),
                resources));
        control.start();
        if (successor != null) {
            successor.takeClients(edge::tunnels);
        }
        edge.start(registry, early != null ? early : closing.onFailure(ports.http(httpPort)));
        if (successor != null) {
            successor.takeVisitors();
            successor.close();
            edge.share(false);
        }

        TokenAdmin.Clients clients = new TokenAdmin.Clients(control::sessions, token -> {
            control.endSessions(token);
            leases.forget(token);
        });
        HandOver handOver = new HandOver(new HandOver.Place(
                state, leases, control, edge, () -> new Ports(settings.addresses(), true).control(control.port()), httpPort));
        Map<String, AdminCommand> commands =
                new HashMap<>(new TokenAdmin(state, tokens.store(), tokens.joinString(), clients).commands());
        commands.put(HandOver.NAME, handOver);
        commands.put(
                ServerStatus.NAME,
                new ServerStatus(settings, new ServerStatus.Parts(registry, control, edge, tokens.store(), httpPort)));
        AdminSocket admin = admin(state, commands, resources);
        return new TunnelServer(new Ground(state, leases, resources, accessLog, admin), edge, control, tokens, handOver);
    }

    /// A server serves without it too.
    private static @Nullable AdminSocket admin(
            StateDirectory state, Map<String, AdminCommand> commands, Resources resources) {
        try {
            return AdminSocket.start(state.path(AdminSocket.NAME), commands, resources.deadlines());
        } catch (IOException e) {
            log.warn(
                    "cannot listen at {}: {}. 'tunnel-server token' and 'status' do not work while this server runs; where the path is too"
                            + " long, choose a shorter one with --state-dir",
                    state.path(AdminSocket.NAME),
                    PrivateFiles.why(e));
            return null;
        }
    }

    private static PublicAddress address(ServerSettings settings, int httpPort) {
        PublicUrl front = settings.publicSide().publicUrl();
        return new PublicAddress(settings.domain(), front != null ? front : PublicUrl.direct(httpPort));
    }

    /// The control port as bound.
    public int controlPort() {
        return control.port();
    }

    /// The HTTP edge's port as bound.
    public int httpPort() {
        return handOver.httpPort();
    }

    /// What a client needs to know. A secret.
    public JoinString joinString() {
        return tokens.joinString();
    }

    /// Whether {@link #joinString} is another than at the last start.
    public boolean isJoinStringNew() {
        return tokens.isNew();
    }

    /// Waits until another server has taken this one's place, which has then yet to {@link #drain} and to be closed.
    public void awaitSuccessor() throws InterruptedException {
        handOver.await();
    }

    /// Lets nobody else in, tells the clients that it will stop, and returns when all visitors' connections have ended, or when
    /// time is up.
    public void drain(Duration most) {
        int visitors = edge.visitors();
        if (visitors > 0) {
            log.info(
                    "waiting up to {} s for visitors' connections to end: {}. A second signal ends them at once",
                    most.toSeconds(),
                    visitors);
        }
        if (!handOver.isDone()) {
            control.stopAccepting();
            control.goAway();
            edge.stopAccepting();
        }
        Thread following = handOver.isDone() ? Thread.ofVirtual().name("tokens").start(this::followTokens) : null;
        int left = edge.awaitQuiet(most);
        if (following != null) {
            following.interrupt();
        }
        if (left > 0) {
            log.warn("visitors' connections that have not ended in {} s and are cut off: {}", most.toSeconds(), left);
        }
    }

    /// Tokens are revoked at the server that has the place now, and their streams here end too.
    private void followTokens() {
        try {
            for (boolean warned = false; ; ) {
                Thread.sleep(TOKENS_LOOK);
                try {
                    tokens.follow(state).forEach(control::endSessions);
                } catch (IOException e) {
                    if (!warned) {
                        log.warn("which tokens the other server revokes cannot be seen: {}", e.getMessage());
                        warned = true;
                    }
                }
            }
        } catch (InterruptedException e) {
            // all is served
        }
    }

    /// Says goodbye to all clients, closes all connections and frees all ports, within 2 s. Closing again does nothing.
    @Override
    public void close() {
        if (admin != null && handOver.isDone()) {
            admin.leave();
        } else if (admin != null) {
            admin.close();
        }
        control.close();
        edge.close();
        accessLog.close();
        leases.pause();
        resources.close();
        try {
            state.close();
        } catch (IOException e) {
            log.warn("unlocking the state directory failed: {}", e.getMessage());
        }
    }
}
