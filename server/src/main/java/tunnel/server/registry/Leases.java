package tunnel.server.registry;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tunnel.net.Deadlines;
import tunnel.net.Deadlines.Deadline;
import tunnel.protocol.Bytes;
import tunnel.protocol.Names;
import tunnel.protocol.RejectCode;
import tunnel.protocol.TunnelProtocol;
import tunnel.server.lease.LeaseJournal;
import tunnel.server.lease.LeaseKey;
import tunnel.server.registry.LeaseBook.Lease;

/// Who may have which name, custom host and public port. A tunnel has one of each or more while its session lives; when that is
/// lost they stay its token's for the time of grace. Thread-safe; nothing is read, written or waited for under its lock.
public final class Leases {
    private static final int FRIENDLY_TRIES = 20;
    private static final int LEAST_KEPT = 8; // a small office's clients, also where there are few ports

    private final Deadlines deadlines;
    private final Duration grace;

    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final LeaseBook book;

    /// Takes over what the journal has, each for the whole time of grace from now on: whatever happened to the clock meanwhile.
    ///
    /// @param grace that a lost session's leases stay its token's
    public Leases(LeaseJournal journal, Deadlines deadlines, Duration grace) {
        this.deadlines = deadlines;
        this.grace = grace;
        lock.lock();
        try {
            book = new LeaseBook(journal, this::expireLater);
            book.readJournal();
        } finally {
            lock.unlock();
        }
    }

    /// Sets aside all that a tunnel needs, for the token of its owner.
    ///
    /// @param busy ports that other programs use
    /// @param made makes the tunnel of what was chosen; called under the lock
    /// @throws RejectedException when something of it is somebody else's
    Tunnel hold(Owner owner, Wish wish, Set<Integer> busy, Function<Choice, Tunnel> made) throws RejectedException {
        lock.lock();
        try {
            if (!wish.name().isEmpty()) {
                checkName(owner, wish.name());
            }
            for (String host : wish.options().hosts()) {
                checkHost(owner, host);
            }
            int port = choosePort(owner, wish, busy);
            Tunnel tunnel = made.apply(new Choice(wish.name().isEmpty() ? freeName() : wish.name(), port));
            for (LeaseKey key : keys(tunnel)) {
                book.hold(key, tunnel);
            }
            return tunnel;
        } finally {
            lock.unlock();
        }
    }

    /// What was found for a wish.
    record Choice(String name, int port) {}

    private static List<LeaseKey> keys(Tunnel tunnel) {
        List<LeaseKey> keys = new ArrayList<>();
        keys.add(LeaseKey.name(tunnel.name()));
        keys.add(LeaseKey.port(tunnel.port()));
        tunnel.options().hosts().forEach(host -> keys.add(LeaseKey.host(host)));
        return keys;
    }

    @GuardedBy("lock")
    private void checkName(Owner owner, String name) throws RejectedException {
        LeaseKey key = LeaseKey.name(name);
        if (!isOf(owner, key) && !owner.rights().allowsName(name)) {
            throw new RejectedException(RejectCode.NAME_NOT_ALLOWED, "this token may not have the name " + name);
        }
        checkFree(owner, key, RejectCode.NAME_TAKEN, "the name " + name + " is taken");
    }

    @GuardedBy("lock")
    private void checkHost(Owner owner, String host) throws RejectedException {
        LeaseKey key = LeaseKey.host(host);
        if (!isOf(owner, key) && !owner.rights().allowsHost(host)) {
            throw new RejectedException(RejectCode.HOST_NOT_ALLOWED, "this token may not have the host " + host);
        }
        checkFree(owner, key, RejectCode.HOST_TAKEN, "the host " + host + " is taken");
    }

    @GuardedBy("lock")
    private void checkPort(Owner owner, int port, PortRange ports) throws RejectedException {
        LeaseKey key = LeaseKey.port(port);
        if (!ports.contains(port)) {
            throw new RejectedException(
                    RejectCode.PORT_NOT_ALLOWED, "public port " + port + " is not one of this server's " + ports);
        }
        if (!isOf(owner, key) && !owner.rights().allowsPort(port)) {
            throw new RejectedException(RejectCode.PORT_NOT_ALLOWED, "this token may not choose public port " + port);
        }
        checkFree(owner, key, RejectCode.PORT_TAKEN, "public port " + port + " is taken by another tunnel");
    }

    /// What a token has had it may have again, whatever its rights say of asking for it.
    @GuardedBy("lock")
    private boolean isOf(Owner owner, LeaseKey key) {
        Lease lease = book.get(key);
        return lease != null && lease.token.equals(owner.token());
    }

    @GuardedBy("lock")
    private void checkFree(Owner owner, LeaseKey key, RejectCode code, String message) throws RejectedException {
        Lease lease = book.get(key);
        Tunnel holder = lease == null ? null : lease.holder;
        if (holder != null) {
            throw new RejectedException(code, message, holder.owner());
        }
        if (lease != null && !lease.token.equals(owner.token())) {
            throw new RejectedException(code, message);
        }
    }

    @GuardedBy("lock")
    private int choosePort(Owner owner, Wish wish, Set<Integer> busy) throws RejectedException {
        int wished = wish.port();
        if (wished != 0 && !(wish.anyPortWillDo() && busy.contains(wished))) {
            try {
                checkPort(owner, wished, wish.ports());
                return wished;
            } catch (RejectedException e) {
                if (!wish.anyPortWillDo()) {
                    throw e;
                }
            }
        }
        PortRange ports = wish.ports();
        for (int port = ports.first(); port <= ports.last(); port++) {
            if (owner.rights().mayBeGiven(port) && book.get(LeaseKey.port(port)) == null && !busy.contains(port)) {
                return port;
            }
        }
        return portLostFirst(owner, wish, busy);
    }

    /// None is free: the one that the token itself has lost longest ago is better than none.
    @GuardedBy("lock")
    private int portLostFirst(Owner owner, Wish wish, Set<Integer> busy) throws RejectedException {
        PortRange ports = wish.ports();
        for (Lease lease : book.portsLostBy(owner.token())) {
            if (ports.contains(lease.port()) && !busy.contains(lease.port())) {
                return lease.port();
            }
        }
        List<Lease> most = book.mostPortsLost();
        for (Lease lease : most.size() > mayKeep(ports) ? most : List.<Lease>of()) {
            if (ports.contains(lease.port()) && owner.rights().mayBeGiven(lease.port()) && !busy.contains(lease.port())) {
                book.free(lease);
                return lease.port();
            }
        }
        boolean limited = !IntStream.rangeClosed(ports.first(), ports.last()).allMatch(owner.rights()::mayBeGiven);
        throw new RejectedException(
                RejectCode.NO_PORT_LEFT,
                "all of the server's public ports, " + ports + (limited ? ", that this token may have are in use" : ", are in use"));
    }

    /// Ports that a token has lost and keeps when others need one: a client that is killed and started again and again, each
    /// time under another name, is not to use all of them up.
    private static int mayKeep(PortRange ports) {
        return Math.max(LEAST_KEPT, (ports.last() - ports.first() + 1) / 8);
    }

    @GuardedBy("lock")
    private String freeName() {
        String name = Names.random();
        for (int tries = 1; book.get(LeaseKey.name(name)) != null; tries++) {
            name = tries < FRIENDLY_TRIES ? Names.random() : Names.longRandom();
        }
        return name;
    }

    /// Waits until a tunnel's leases are on disk: a promise that a restart does not break.
    ///
    /// @throws RejectedException where they cannot be saved; what to do with the tunnel is the caller's business
    void awaitWritten(Tunnel tunnel) throws RejectedException {
        long last = 0;
        LeaseJournal now;
        lock.lock();
        try {
            now = book.journal();
            for (LeaseKey key : keys(tunnel)) {
                Lease lease = book.get(key);
                last = lease == null ? last : Math.max(last, lease.written);
            }
        } finally {
            lock.unlock();
        }
        try {
            now.awaitWritten(last);
        } catch (IOException e) {
            throw new RejectedException(
                    RejectCode.BUSY, "the server cannot save that the tunnel is yours: " + e.getMessage());
        }
    }

    /// What becomes of what a tunnel had.
    private enum After {
        FREE,
        LOST,
        AS_BEFORE
    }

    /// Its client gave it up: anybody may have what it had. Releasing it again does nothing.
    void release(Tunnel tunnel) {
        end(tunnel, After.FREE);
    }

    /// Its client was lost: for the time of grace what it had is still its token's.
    void lose(Tunnel tunnel) {
        end(tunnel, After.LOST);
    }

    /// It came to nothing: what was its token's before is so still, the rest is free.
    void undo(Tunnel tunnel) {
        end(tunnel, After.AS_BEFORE);
    }

    private void end(Tunnel tunnel, After after) {
        lock.lock();
        try {
            for (LeaseKey key : keys(tunnel)) {
                Lease lease = book.get(key);
                if (lease == null || !tunnel.equals(lease.holder)) {
                    continue;
                }
                if (after == After.LOST || (after == After.AS_BEFORE && lease.wasLost)) {
                    book.lose(lease);
                } else {
                    book.free(lease);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private Deadline expireLater(Lease lease) {
        return deadlines.after(grace, () -> expire(lease));
    }

    private void expire(Lease lease) {
        lock.lock();
        try {
            if (book.isLost(lease)) { // else it is in another state by now
                book.free(lease);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Writes down what there is and nothing more, since another server is to have the journal.
    public void pause() {
        journal().close();
    }

    /// Whether nothing is promised any more.
    boolean isPaused() {
        return journal().isClosed();
    }

    private LeaseJournal journal() {
        lock.lock();
        try {
            return book.journal();
        } finally {
            lock.unlock();
        }
    }

    /// Nobody else has the journal after all: goes on, with what has changed meanwhile.
    public void resume(LeaseJournal again) {
        lock.lock();
        try {
            book.resume(again);
        } finally {
            lock.unlock();
        }
    }

    /// A token was revoked: anybody may have what it has lost.
    public void forget(Bytes token) {
        lock.lock();
        try {
            book.lostBy(token).forEach(book::free);
        } finally {
            lock.unlock();
        }
    }

    /// Whether it is somebody's whose client is away; asked of what is not open to visitors. Also where the client is back and
    /// its tunnel is about to open, which takes a write to disk and a round trip.
    boolean isAway(LeaseKey key) {
        lock.lock();
        try {
            Lease lease = book.get(key);
            Tunnel holder = lease == null ? null : lease.holder;
            return lease != null && (holder == null || (lease.wasLost && holder.protocol() == TunnelProtocol.HTTP));
        } finally {
            lock.unlock();
        }
    }

    boolean isHeld(Tunnel tunnel) {
        lock.lock();
        try {
            Lease lease = book.get(LeaseKey.name(tunnel.name()));
            return lease != null && tunnel.equals(lease.holder);
        } finally {
            lock.unlock();
        }
    }

    /// All that are held.
    List<Tunnel> tunnels() {
        lock.lock();
        try {
            return book.all().stream()
                    .map(lease -> lease.holder)
                    .filter(Objects::nonNull)
                    .distinct()
                    .toList();
        } finally {
            lock.unlock();
        }
    }
}
