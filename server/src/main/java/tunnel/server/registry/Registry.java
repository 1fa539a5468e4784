package tunnel.server.registry;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import tunnel.protocol.Frame.Bind;
import tunnel.protocol.EdgeOptions;
import tunnel.protocol.Names;
import tunnel.protocol.Options;
import tunnel.protocol.RejectCode;
import tunnel.protocol.TunnelProtocol;

/// Which names and public ports are whose. A tunnel is reserved (`Assigned`), then ready (`Ack`), then released; only a ready
/// one is found by visitors. Thread-safe; nothing is opened or closed under its lock.
public final class Registry {
    private static final int FRIENDLY_TRIES = 20;

    private final PublicAddress address;
    private final PortRange ports;
    private final PublicSide publicSide;
    private final Away away;
    private final Map<String, Tunnel> ready = new ConcurrentHashMap<>(); // by host

    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Map<String, Tunnel> names = new HashMap<>();

    @GuardedBy("lock")
    private final Map<String, Tunnel> customHosts = new HashMap<>();

    @GuardedBy("lock")
    private final Map<Integer, Tunnel> taken = new HashMap<>();

    public Registry(PublicAddress address, PortRange ports, PublicSide publicSide, Away away) {
        this.address = address;
        this.ports = ports;
        this.publicSide = publicSide;
        this.away = away;
    }

    /// Where a request's Host leads.
    ///
    /// @param host in lower case, without a port or a dot at its end
    public Route route(String host) {
        Tunnel tunnel = ready.get(host);
        if (tunnel != null) {
            return tunnel;
        }
        if (host.equals(address.domain())) {
            return NoRoute.DOMAIN_ITSELF;
        }
        return away.contains(host) ? NoRoute.CLIENT_AWAY : NoRoute.UNKNOWN;
    }

    /// How a tunnel's address looks: `http://NAME.tunnel.example.com`.
    public String exampleUrl() {
        return address.byName().of(address.host("NAME"));
    }

    /// Sets a name, a public port and the custom hosts aside for an owner.
    ///
    /// @param options that came with the wish
    /// @throws RejectedException when what was wished for cannot be had
    public Tunnel reserve(Owner owner, Bind wish, EdgeOptions options) throws RejectedException {
        String name = wish.name().isEmpty() ? "" : checkName(wish.name());
        CustomHosts.check(options.hosts(), wish.protocol(), address.domain());
        boolean anyPortWillDo = wish.options().get(Options.ANY_PORT_WILL_DO) != null;
        Set<Integer> busy = new HashSet<>(); // by other programs
        while (true) {
            Tunnel tunnel = tryReserve(owner, new Wish(wish, name, anyPortWillDo, options), busy);
            if (publicSide.isFree(tunnel.port())) {
                return tunnel;
            }
            release(tunnel);
            if (wish.port() == tunnel.port() && !anyPortWillDo) {
                throw new RejectedException(
                        RejectCode.PORT_TAKEN, "public port " + tunnel.port() + " is in use by another program");
            }
            busy.add(tunnel.port());
        }
    }

    private static String checkName(String wish) throws RejectedException {
        try {
            return Names.check(wish);
        } catch (IllegalArgumentException e) {
            throw new RejectedException(RejectCode.NAME_INVALID, String.valueOf(e.getMessage()));
        }
    }

    /// What a client asks for.
    ///
    /// @param name checked, or empty for any
    private record Wish(Bind bind, String name, boolean anyPortWillDo, EdgeOptions options) {}

    private Tunnel tryReserve(Owner owner, Wish wish, Set<Integer> busy) throws RejectedException {
        lock.lock();
        try {
            checkFree(wish);
            Bind bind = wish.bind();
            int port = choosePort(bind.port(), wish.anyPortWillDo(), busy);
            String name = wish.name().isEmpty() ? freeName() : wish.name();
            List<String> urls = address.urls(bind.protocol(), name, wish.options().hosts(), port);
            Tunnel tunnel = new Tunnel(owner, bind.tunnel(), bind.protocol(), name, port, urls, wish.options());
            names.put(name, tunnel);
            taken.put(port, tunnel);
            wish.options().hosts().forEach(host -> customHosts.put(host, tunnel));
            return tunnel;
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void checkFree(Wish wish) throws RejectedException {
        Tunnel holder = names.get(wish.name());
        if (holder != null) {
            throw new RejectedException(
                    RejectCode.NAME_TAKEN, "the name " + wish.name() + " is taken", holder.owner());
        }
        for (String host : wish.options().hosts()) {
            Tunnel other = customHosts.get(host);
            if (other != null) {
                throw new RejectedException(RejectCode.HOST_TAKEN, "the host " + host + " is taken", other.owner());
            }
        }
    }

    @GuardedBy("lock")
    private int choosePort(int wish, boolean anyWillDo, Set<Integer> busy) throws RejectedException {
        if (wish != 0 && !(anyWillDo && busy.contains(wish))) {
            Tunnel holder = taken.get(wish);
            if (holder == null && ports.contains(wish)) {
                return wish;
            }
            if (!anyWillDo) {
                throw holder == null
                        ? new RejectedException(
                                RejectCode.PORT_NOT_ALLOWED,
                                "public port " + wish + " is not one of this server's " + ports)
                        : new RejectedException(
                                RejectCode.PORT_TAKEN,
                                "public port " + wish + " is taken by another tunnel",
                                holder.owner());
            }
        }
        for (int port = ports.first(); port <= ports.last(); port++) {
            if (!taken.containsKey(port) && !busy.contains(port)) {
                return port;
            }
        }
        throw new RejectedException(RejectCode.NO_PORT_LEFT, "all of the server's public ports, " + ports + ", are in use");
    }

    @GuardedBy("lock")
    private String freeName() {
        String name = Names.random();
        for (int tries = 1; names.containsKey(name); tries++) {
            name = tries < FRIENDLY_TRIES ? Names.random() : Names.longRandom();
        }
        return name;
    }

    /// Opens a reserved tunnel to visitors.
    ///
    /// @throws RejectedException when its port was lost meanwhile; the tunnel is released then
    public void open(Tunnel tunnel) throws RejectedException {
        try {
            publicSide.open(tunnel);
        } catch (IOException e) {
            release(tunnel);
            throw new RejectedException(
                    RejectCode.PORT_TAKEN, "public port " + tunnel.port() + " cannot be used: " + e.getMessage());
        }
        for (String host : hosts(tunnel)) {
            ready.put(host, tunnel);
            away.forget(host);
        }
        if (!isReserved(tunnel)) { // released while it was being opened
            release(tunnel);
        }
    }

    private boolean isReserved(Tunnel tunnel) {
        lock.lock();
        try {
            return tunnel.equals(names.get(tunnel.name()));
        } finally {
            lock.unlock();
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
        release(tunnel, false);
    }

    /// The same for one whose client was lost: for a while its visitors hear that the client is away.
    public void releaseLost(Tunnel tunnel) {
        release(tunnel, true);
    }

    private void release(Tunnel tunnel, boolean lost) {
        close(tunnel, lost); // while nobody else can have the name yet, who would find it remembered as away
        lock.lock();
        try {
            names.remove(tunnel.name(), tunnel);
            taken.remove(tunnel.port(), tunnel);
            tunnel.options().hosts().forEach(host -> customHosts.remove(host, tunnel));
        } finally {
            lock.unlock();
        }
        close(tunnel, false); // should it have been opened in between; from here on open() sees that it is gone
    }

    private void close(Tunnel tunnel, boolean lost) {
        for (String host : hosts(tunnel)) {
            if (ready.remove(host, tunnel) && lost) {
                away.add(host);
            }
        }
        publicSide.close(tunnel);
    }

    /// All that are reserved or ready.
    public List<Tunnel> tunnels() {
        lock.lock();
        try {
            return new ArrayList<>(names.values());
        } finally {
            lock.unlock();
        }
    }
}
