package tunnel.server.registry;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tunnel.net.Deadlines.Deadline;
import tunnel.protocol.Bytes;
import tunnel.server.lease.LeaseJournal;
import tunnel.server.lease.LeaseKey;

/// Which lease is whose, and in which state: held by a tunnel, or lost by it and still its token's. Each change is noted in the
/// journal. Not thread-safe: {@link Leases} has the lock.
final class LeaseBook {
    /// Lost leases of one token that are kept; of more the oldest is given up. A client that starts again and again, each time
    /// under a new random name, does not use up memory or ports.
    static final int MOST_LOST = 1_000;

    private final Function<Lease, Deadline> grace;
    private final Map<LeaseKey, Lease> leases = new HashMap<>();
    private final Map<Bytes, LinkedHashSet<Lease>> lost = new HashMap<>(); // by token, the oldest first
    private LeaseJournal journal;

    /// One that is somebody's, in one state of its life: each change makes another one.
    static final class Lease {
        final LeaseKey key;
        final Bytes token;
        long written; // its number in the journal
        final @Nullable Tunnel holder; // null in its time of grace
        final boolean wasLost; // before the holder had it
        private @Nullable Deadline graceEnd; // once it is lost

        private Lease(LeaseKey key, Bytes token, long written, @Nullable Tunnel holder, boolean wasLost) {
            this.key = key;
            this.token = token;
            this.written = written;
            this.holder = holder;
            this.wasLost = wasLost;
        }

        private boolean isPort() {
            return key.kind() == LeaseKey.Kind.PORT;
        }

        /// Of a port's lease.
        int port() {
            return Integer.parseInt(key.what());
        }
    }

    /// @param grace begins the time of grace of one that is lost, which is called off when it is so no longer
    LeaseBook(LeaseJournal journal, Function<Lease, Deadline> grace) {
        this.journal = journal;
        this.grace = grace;
    }

    LeaseJournal journal() {
        return journal;
    }

    /// Begins with what the journal has.
    void readJournal() {
        journal.leasesBefore().forEach((key, token) -> lose(new Lease(key, token, 0, null, true)));
    }

    /// Goes on in another journal, with what has changed since that was written.
    void resume(LeaseJournal again) {
        journal = again;
        again.leasesBefore().keySet().stream().filter(key -> !leases.containsKey(key)).forEach(again::free);
        leases.values().forEach(lease -> lease.written = again.hold(lease.key, lease.token));
    }

    @Nullable Lease get(LeaseKey key) {
        return leases.get(key);
    }

    Collection<Lease> all() {
        return leases.values();
    }

    /// What a token has lost, the oldest first.
    List<Lease> lostBy(Bytes token) {
        LinkedHashSet<Lease> ofToken = lost.get(token);
        return ofToken == null ? List.of() : new ArrayList<>(ofToken);
    }

    /// The ports that a token has lost, the oldest first.
    List<Lease> portsLostBy(Bytes token) {
        return lostBy(token).stream().filter(Lease::isPort).toList();
    }

    /// The same of the token that has lost most of them.
    List<Lease> mostPortsLost() {
        return lost.keySet().stream().map(this::portsLostBy).max(Comparator.comparingInt(List::size)).orElse(List.of());
    }

    boolean isLost(Lease lease) {
        LinkedHashSet<Lease> ofToken = lost.get(lease.token);
        return ofToken != null && ofToken.contains(lease);
    }

    void hold(LeaseKey key, Tunnel tunnel) {
        Lease before = leases.get(key);
        Bytes token = tunnel.owner().token();
        if (before != null) {
            found(before);
        }
        long written = before == null ? journal.hold(key, token) : before.written;
        leases.put(key, new Lease(key, token, written, tunnel, before != null));
    }

    void lose(Lease held) {
        Lease lease = new Lease(held.key, held.token, held.written, null, true);
        leases.put(lease.key, lease);
        LinkedHashSet<Lease> ofToken = lost.computeIfAbsent(lease.token, _ -> new LinkedHashSet<>());
        ofToken.add(lease);
        lease.graceEnd = grace.apply(lease);
        if (ofToken.size() > MOST_LOST) {
            free(ofToken.getFirst());
        }
    }

    void free(Lease lease) {
        found(lease);
        leases.remove(lease.key);
        journal.free(lease.key);
    }

    private void found(Lease lease) {
        if (lease.graceEnd != null) {
            lease.graceEnd.close();
        }
        LinkedHashSet<Lease> ofToken = lost.get(lease.token);
        if (ofToken != null && ofToken.remove(lease) && ofToken.isEmpty()) {
            lost.remove(lease.token);
        }
    }
}
