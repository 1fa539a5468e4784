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
import org.jspecify.annotations.Nullable;
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
    private final Map<String, Tunnel> ready = new ConcurrentHashMap<>();

    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Map<String, Tunnel> names = new HashMap<>();

    @GuardedBy("lock")
    private final Map<Integer, Tunnel> taken = new HashMap<>();

    public Registry(PublicAddress address, PortRange ports, PublicSide publicSide) {
        this.address = address;
        this.ports = ports;
        this.publicSide = publicSide;
    }

    /// The tunnel that visitors mean by a request's Host, or null.
    public @Nullable Tunnel byHost(String host) {
        String name = address.nameIn(host);
        Tunnel tunnel = name == null ? null : ready.get(name);
        return tunnel != null && tunnel.protocol() == TunnelProtocol.HTTP ? tunnel : null;
    }

    /// Sets a name and a public port aside for an owner.
    ///
    /// @throws RejectedException when what was wished for cannot be had
    public Tunnel reserve(Owner owner, Bind wish) throws RejectedException {
        String name = wish.name().isEmpty() ? "" : checkName(wish.name());
        boolean anyPortWillDo = wish.options().get(Options.ANY_PORT_WILL_DO) != null;
        Set<Integer> busy = new HashSet<>(); // by other programs
        while (true) {
            Tunnel tunnel = tryReserve(owner, wish, name, anyPortWillDo, busy);
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

    private Tunnel tryReserve(Owner owner, Bind wish, String name, boolean anyPortWillDo, Set<Integer> busy)
            throws RejectedException {
        lock.lock();
        try {
            Tunnel holder = name.isEmpty() ? null : names.get(name);
            if (holder != null) {
                throw new RejectedException(
                        RejectCode.NAME_TAKEN, "the name " + name + " is taken", holder.owner());
            }
            int port = choosePort(wish.port(), anyPortWillDo, busy);
            String given = name.isEmpty() ? freeName() : name;
            Tunnel tunnel = new Tunnel(
                    owner,
                    wish.tunnel(),
                    wish.protocol(),
                    given,
                    port,
                    address.urls(wish.protocol(), given, port),
                    EdgeOptions.NONE);
            names.put(given, tunnel);
            taken.put(port, tunnel);
            return tunnel;
        } finally {
            lock.unlock();
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
        ready.put(tunnel.name(), tunnel);
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

    /// Closes a tunnel to visitors and frees its name and port. Releasing it again does nothing.
    public void release(Tunnel tunnel) {
        close(tunnel);
        lock.lock();
        try {
            names.remove(tunnel.name(), tunnel);
            taken.remove(tunnel.port(), tunnel);
        } finally {
            lock.unlock();
        }
        close(tunnel); // should it have been opened in between; from here on open() sees that it is gone
    }

    private void close(Tunnel tunnel) {
        ready.remove(tunnel.name(), tunnel);
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
