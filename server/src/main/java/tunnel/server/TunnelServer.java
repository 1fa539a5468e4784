package tunnel.server;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tunnel.home.PrivateFiles;
import tunnel.net.Addresses;
import tunnel.net.HostPort;
import tunnel.net.Listener;
import tunnel.net.Resources;
import tunnel.protocol.JoinString;
import tunnel.server.admin.AdminCommand;
import tunnel.server.admin.AdminSocket;
import tunnel.server.control.ControlListener;
import tunnel.server.access.AccessLog;
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

    private static final String LEASES = "leases";

    private final StateDirectory state;
    private final LeaseJournal journal;
    private final Resources resources;
    private final AccessLog accessLog;
    private final @Nullable AdminSocket admin;
    private final Edge edge;
    private final ControlListener control;
    private final ServerTokens tokens;
    private final int httpPort;

    /// What both sides stand on; closed last.
    ///
    /// @param admin null where it could not be opened
    private record Ground(
            StateDirectory state,
            LeaseJournal journal,
            Resources resources,
            AccessLog accessLog,
            @Nullable AdminSocket admin) {}

    private TunnelServer(Ground ground, Edge edge, ControlListener control, ServerTokens tokens, int httpPort) {
        this.state = ground.state;
        this.journal = ground.journal;
        this.resources = ground.resources;
        this.accessLog = ground.accessLog;
        this.admin = ground.admin;
        this.edge = edge;
        this.control = control;
        this.tokens = tokens;
        this.httpPort = httpPort;
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
            StateDirectory state = closing.onFailure(StateDirectory.open(settings.stateDirectory()));
            ServerKey key = ServerKey.in(state);
            LeaseJournal journal = closing.onFailure(LeaseJournal.open(state.path(LEASES)));
            Listener controlListener =
                    closing.onFailure(bind(settings.addresses(), settings.controlPort(), "control port", "--control-port"));
            Listener httpListener =
                    closing.onFailure(bind(settings.addresses(), settings.httpPort(), "HTTP edge", "--http-port"));
            HostPort controlAddress = new HostPort(settings.domain(), controlListener.port());
            ServerTokens tokens = ServerTokens.in(state, controlAddress, key.pin(), clock);
            Resources resources = closing.onFailure(new Resources());

            AccessLog accessLog = closing.onFailure(AccessLog.open(settings.publicSide().accessLog()));

            Visits visits = new Visits(accessLog, new TrustedProxies(settings.publicSide().trustedProxies()));
            Edge edge = new Edge(settings.addresses(), settings.limits(), resources, visits);
            Leases leases = new Leases(journal, resources.deadlines(), settings.limits().sessions().leaseGrace());
            Registry registry = new Registry(address(settings, httpListener.port()), settings.ports(), edge, leases);
            ControlListener control = new ControlListener(
                    controlListener,
                    new ControlListener.Trust(settings.plain() ? null : key.tls(), tokens.store()),
                    registry,
                    settings.limits(),
                    resources);
            TokenAdmin.Clients clients = new TokenAdmin.Clients(control::sessions, token -> {
                control.endSessions(token);
                leases.forget(token);
            });
            TokenAdmin tokenAdmin = new TokenAdmin(state, tokens.store(), tokens.joinString(), clients);
            AdminSocket admin = admin(state, tokenAdmin.commands(), resources);
            edge.start(registry, httpListener);
            control.start();
            return new TunnelServer(
                    new Ground(state, journal, resources, accessLog, admin), edge, control, tokens, httpListener.port());
        } catch (IOException | RuntimeException e) {
            closing.close();
            throw e;
        }
    }

    /// A server serves without it too.
    private static @Nullable AdminSocket admin(
            StateDirectory state, Map<String, AdminCommand> commands, Resources resources) {
        try {
            return AdminSocket.start(state.folder(), commands, resources.deadlines());
        } catch (IOException e) {
            log.warn(
                    "cannot listen at {}: {}. 'tunnel-server token' does not work while this server runs; where the path is too"
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

    private static Listener bind(List<InetAddress> addresses, int port, String what, String option) throws IOException {
        try {
            return Listener.bind(addresses, port);
        } catch (IOException e) {
            String where = String.join(" and ", addresses.stream().map(Addresses::text).toList());
            throw new IOException(
                    "cannot listen on port %d of %s for the %s: %s".formatted(port, where, what, inWords(e, option)), e);
        }
    }

    /// What the system says, and what to do about it.
    private static String inWords(IOException e, String option) {
        return switch (String.valueOf(e.getMessage())) {
            case "Address already in use" -> "it is in use. Choose another with " + option + ", or 0 for any free one";
            case "Cannot assign requested address", "Can't assign requested address" ->
                "the address is not this machine's. Choose another with --bind";
            case "Permission denied" ->
                "permission denied. Ports below 1024 need root or CAP_NET_BIND_SERVICE; choose another with " + option;
            default -> e.getMessage() + ". Choose another with " + option;
        };
    }

    /// The control port as bound.
    public int controlPort() {
        return control.port();
    }

    /// The HTTP edge's port as bound.
    public int httpPort() {
        return httpPort;
    }

    /// What a client needs to know. A secret.
    public JoinString joinString() {
        return tokens.joinString();
    }

    /// Whether {@link #joinString} is another than at the last start.
    public boolean isJoinStringNew() {
        return tokens.isNew();
    }

    /// Lets nobody else in, tells the clients that it will stop, and returns when all visitors' connections have ended, or when
    /// time is up.
    public void drain(Duration most) {
        control.goAway();
        int visitors = edge.visitors();
        if (visitors > 0) {
            log.info("waiting up to {} s for {} visitors' connections to end; a second signal ends them at once", most.toSeconds(), visitors);
        }
        int left = edge.drain(most);
        if (left > 0) {
            log.warn("{} visitors' connections had not ended in {} s and are cut off", left, most.toSeconds());
        }
    }

    /// Says goodbye to all clients, closes all connections and frees all ports, within 2 s. Closing again does nothing.
    @Override
    public void close() {
        if (admin != null) {
            admin.close();
        }
        control.close();
        edge.close();
        accessLog.close();
        journal.close();
        resources.close();
        try {
            state.close();
        } catch (IOException e) {
            log.warn("unlocking the state directory failed: {}", e.getMessage());
        }
    }
}
