package tunnel.server.registry;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import tunnel.protocol.Frame.Bind;
import tunnel.protocol.EdgeOptions;
import tunnel.protocol.LocalWait;
import tunnel.protocol.Names;
import tunnel.protocol.Options;
import tunnel.protocol.RejectCode;
import tunnel.protocol.TunnelProtocol;
import tunnel.server.lease.LeaseKey;

/// The tunnels that there are, and where visitors' requests lead. A tunnel is reserved (`Assigned`), then ready (`Ack`), then
/// released; only a ready one is found by visitors. {@link Leases} says who may have what. Thread-safe.
public final class Registry {
    private final PublicAddress address;
    private final PortRange ports;
    private final PublicSide publicSide;
    private final Leases leases;
    private final Map<String, Route> ready = new ConcurrentHashMap<>(); // by host

    public Registry(PublicAddress address, PortRange ports, PublicSide publicSide, Leases leases) {
        this.address = address;
        this.ports = ports;
        this.publicSide = publicSide;
        this.leases = leases;
    }

    /// Where a request's Host leads.
    ///
    /// @param host in lower case, without a port or a dot at its end; empty where HTTP/1.0 names none
    public Route route(String host) {
        Route route = ready.get(host);
        if (route != null) {
            return route;
        }
        if (host.isEmpty() || host.equals(address.domain())) {
            return NoRoute.DOMAIN_ITSELF;
        }
        return leases.isAway(leaseOf(host)) ? NoRoute.CLIENT_AWAY : NoRoute.UNKNOWN;
    }

    private LeaseKey leaseOf(String host) {
        String name = address.name(host);
        return name == null ? LeaseKey.host(host) : LeaseKey.name(name);
    }

    /// How a tunnel's address looks: `http://NAME.tunnel.example.com`.
    public String exampleUrl() {
        return address.byName().of(address.host("NAME"));
    }

    /// Sets a name, a public port and the custom hosts aside for an owner, who may promise them after {@link #awaitSaved}. The
    /// port is bound from here on, so that no other program gets it.
    ///
    /// @param options that came with the wish
    /// @throws RejectedException when what was wished for cannot be had
    public Tunnel reserve(Owner owner, Bind bind, EdgeOptions options) throws RejectedException {
        String name = bind.name().isEmpty() ? "" : checkName(bind.name());
        CustomHosts.check(options.hosts(), bind.protocol(), address.domain());
        boolean anyPortWillDo = bind.options().get(Options.ANY_PORT_WILL_DO) != null;
        Wish wish = new Wish(name, bind.port(), anyPortWillDo, ports, options);
        Set<Integer> busy = new HashSet<>(); // by other programs
        while (true) {
            Tunnel tunnel = leases.hold(owner, wish, busy, choice -> tunnel(owner, bind, choice, options));
            if (claim(tunnel)) {
                return tunnel;
            }
            leases.undo(tunnel);
            if (wish.port() == tunnel.port() && !anyPortWillDo) {
                throw new RejectedException(
                        RejectCode.PORT_TAKEN, "public port " + tunnel.port() + " is in use by another program");
            }
            busy.add(tunnel.port());
        }
    }

    private boolean claim(Tunnel tunnel) throws RejectedException {
        try {
            return publicSide.claim(tunnel);
        } catch (IOException e) { // the server's trouble, and of the moment
            leases.undo(tunnel);
            throw new RejectedException(
                    RejectCode.BUSY, "the server cannot open public port " + tunnel.port() + " at the moment: " + e.getMessage());
        }
    }

    private Tunnel tunnel(Owner owner, Bind bind, Leases.Choice choice, EdgeOptions options) {
        List<String> urls = address.urls(bind.protocol(), choice.name(), options.hosts(), choice.port());
        return new Tunnel(
                owner,
                bind.tunnel(),
                bind.protocol(),
                choice.name(),
                choice.port(),
                urls,
                options,
                LocalWait.decode(bind.options()));
    }

    /// Waits until what is set aside for a tunnel is on disk.
    ///
    /// @throws RejectedException when it cannot be saved; the tunnel came to nothing then
    public void awaitSaved(Tunnel tunnel) throws RejectedException {
        try {
            leases.awaitWritten(tunnel);
        } catch (RejectedException e) {
            publicSide.close(tunnel); // while nobody else can have its port
            leases.undo(tunnel);
            throw e;
        }
    }

    private static String checkName(String wish) throws RejectedException {
        try {
            return Names.check(wish);
        } catch (IllegalArgumentException e) {
            throw new RejectedException(RejectCode.NAME_INVALID, String.valueOf(e.getMessage()));
        }
    }

    /// Opens a reserved tunnel to visitors, unless it has been released.
    public void open(Tunnel tunnel) {
        publicSide.open(tunnel);
        // one that was released meanwhile does not take the place of the next with its name, which may be here already
        hosts(tunnel).forEach(host -> ready.compute(host, (_, now) -> leases.isHeld(tunnel) ? tunnel : now));
        if (!leases.isHeld(tunnel)) { // released while it was being opened
            close(tunnel);
        }
    }

    /// The hosts by which visitors find it.
    private List<String> hosts(Tunnel tunnel) {
        List<String> hosts = new ArrayList<>();
        if (tunnel.protocol() == TunnelProtocol.HTTP) {
            hosts.add(address.host(tunnel.name()));
            hosts.addAll(tunnel.options().hosts());
        }
        return hosts;
    }

    /// Closes a tunnel to visitors and frees its name, port and hosts. Releasing it again does nothing.
    public void release(Tunnel tunnel) {
        end(tunnel, leases::release);
    }

    /// The same for one whose client was lost: its name, port and hosts stay its token's for a while, and its visitors hear
    /// that the client is away.
    public void releaseLost(Tunnel tunnel) {
        hosts(tunnel).forEach(host -> ready.replace(host, tunnel, NoRoute.CLIENT_AWAY)); // its lease says so only when all is closed
        end(tunnel, leases::lose);
        hosts(tunnel).forEach(host -> ready.remove(host, NoRoute.CLIENT_AWAY));
    }

    /// Closes it again at the end, should it have been opened in between; after that {@link #open} sees that it is gone.
    private void end(Tunnel tunnel, Consumer<Tunnel> lease) {
        close(tunnel); // while nobody else can have its port
        lease.accept(tunnel);
        close(tunnel);
    }

    private void close(Tunnel tunnel) {
        hosts(tunnel).forEach(host -> ready.remove(host, tunnel));
        publicSide.close(tunnel);
    }

    /// Whether another server is taking this one's place, so that no tunnel is given any more.
    public boolean isPaused() {
        return leases.isPaused();
    }

    /// All that are reserved or ready.
    public List<Tunnel> tunnels() {
        return leases.tunnels();
    }
}
