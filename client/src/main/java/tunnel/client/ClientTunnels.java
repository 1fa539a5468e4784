package tunnel.client;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tunnel.events.ClientEvents;
import tunnel.net.Resources;

/// The tunnels that a client's user wishes for at present. Each has a number of its own, and one that was changed has another than
/// before, so that no frame about the old one is taken for one about the new. Thread-safe.
final class ClientTunnels implements AutoCloseable {
    private final Resources resources;
    private final ClientEvents told;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private int last; // number

    private volatile boolean changed;
    private volatile Map<Integer, ClientTunnel> present = Map.of(); // in the order in which they came; never changed itself

    ClientTunnels(List<ClientSettings.Wish> wishes, Resources resources, ClientEvents told) {
        this.resources = resources;
        this.told = told;
        var _ = change(wishes);
        changed = false;
    }

    /// By number.
    Map<Integer, ClientTunnel> present() {
        return present;
    }

    /// Whether they are not those that the client began with any more, or not as they were.
    boolean haveChanged() {
        return changed;
    }

    /// Makes them what is wished for now. Those whose wish is there as it was stay what they are.
    ///
    /// @return those that are no more; to close them is the caller's business
    List<ClientTunnel> change(List<ClientSettings.Wish> wishes) {
        lock.lock();
        try {
            Map<Integer, ClientTunnel> gone = new TreeMap<>(present);
            Map<Integer, ClientTunnel> next = new TreeMap<>();
            List<ClientSettings.Wish> others = new ArrayList<>();
            for (ClientSettings.Wish wish : wishes) {
                ClientTunnel same = find(gone, tunnel -> tunnel.wish().equals(wish));
                if (same == null) {
                    others.add(wish);
                } else {
                    next.put(same.id(), same);
                    gone.remove(same.id());
                }
            }
            for (ClientSettings.Wish wish : others) {
                ClientTunnel before = find(gone, tunnel -> !wish.label().isEmpty() && tunnel.wish().label().equals(wish.label()));
                last++;
                next.put(last, new ClientTunnel(last, wish, resources, told, before));
            }
            if (!gone.isEmpty() || !others.isEmpty()) {
                changed = true;
            }
            present = Collections.unmodifiableMap(next);
            return List.copyOf(gone.values());
        } finally {
            lock.unlock();
        }
    }

    private static @Nullable ClientTunnel find(
            Map<Integer, ClientTunnel> tunnels, Predicate<ClientTunnel> wanted) {
        return tunnels.values().stream().filter(wanted).findFirst().orElse(null);
    }

    @Override
    public void close() {
        present.values().forEach(ClientTunnel::close);
    }
}
