package tunnel.inspect.store;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The exchanges that are kept: so many, and so many bytes in all; beyond that the oldest go. One thread writes, any reads.
public final class Store {
    /// What a store may take.
    ///
    /// @param body bytes of each body
    /// @param bytes in all, estimated
    /// @param exchanges how many
    public record Bounds(int body, long bytes, int exchanges) {
        /// 64 MiB, and of a small heap a quarter; a page that shows more than 20,000 lines helps nobody.
        public static final Bounds DEFAULT =
                new Bounds(256 << 10, Math.min(64 << 20, Runtime.getRuntime().maxMemory() * 27 / 100), 20_000);
        /// For nothing at all.
        public static final Bounds NOTHING = new Bounds(0, 0, 0);
    }

    private record Sized(Recorded recorded, int size) {}

    private final Bounds bounds;
    private final Consumer<Recorded> completed;
    private final ReentrantLock lock = new ReentrantLock(); // for all below, for the time of a look-up or a copy of references

    @GuardedBy("lock")
    private final NavigableMap<Long, Sized> kept = new TreeMap<>(); // by id

    @GuardedBy("lock")
    private long used;

    @GuardedBy("lock")
    private long dropped;

    @GuardedBy("lock")
    private long missed;

    @GuardedBy("lock")
    private long forgottenUpTo; // the newest id that its user has had forgotten

    public Store(Bounds bounds) {
        this(bounds, _ -> {});
    }

    /// @param completed is told of each exchange at its end, on the thread that writes, which it must not keep waiting
    public Store(Bounds bounds, Consumer<Recorded> completed) {
        this.bounds = bounds;
        this.completed = completed;
    }

    public Bounds bounds() {
        return bounds;
    }

    /// Takes one in, or notes what a kept one takes now. One that was dropped or forgotten meanwhile stays away.
    ///
    /// @return whether it is kept
    public boolean put(Recorded recorded, boolean isNew) {
        int size = recorded.size();
        long id = recorded.id();
        lock.lock();
        try {
            Sized before = kept.get(id);
            if ((before == null && !isNew) || id <= forgottenUpTo) {
                return false;
            }
            kept.put(id, new Sized(recorded, size));
            used += size - (before == null ? 0 : before.size);
            dropOldest();
            return kept.containsKey(id);
        } finally {
            lock.unlock();
        }
    }

    /// Nothing will change in it any more.
    public void complete(Recorded recorded) {
        completed.accept(recorded);
    }

    @GuardedBy("lock")
    private void dropOldest() {
        while (!kept.isEmpty() && (used > bounds.bytes || kept.size() > bounds.exchanges)) {
            used -= kept.pollFirstEntry().getValue().size;
            dropped++;
        }
    }

    public @Nullable Recorded get(long id) {
        lock.lock();
        try {
            Sized sized = kept.get(id);
            return sized == null ? null : sized.recorded;
        } finally {
            lock.unlock();
        }
    }

    /// Those that are older than the one with this id, the newest first; for 0 all.
    public List<Recorded> before(long id) {
        lock.lock();
        try {
            Map<Long, Sized> older = id == 0 ? kept.descendingMap() : kept.headMap(id, false).descendingMap();
            List<Recorded> list = new ArrayList<>(older.size());
            older.values().forEach(one -> list.add(one.recorded));
            return list;
        } finally {
            lock.unlock();
        }
    }

    /// Forgets all that are kept.
    public void clear() {
        lock.lock();
        try {
            if (!kept.isEmpty()) {
                forgottenUpTo = kept.lastKey();
            }
            kept.clear();
            used = 0;
        } finally {
            lock.unlock();
        }
    }

    /// So many were not captured.
    public void missed(long count) {
        lock.lock();
        try {
            missed += count;
        } finally {
            lock.unlock();
        }
    }

    /// What it holds, in numbers.
    ///
    /// @param newest id of those that it has held, 0 before the first
    /// @param dropped to make room
    /// @param missed never captured
    /// @param used bytes, about
    public record Count(int kept, long newest, long dropped, long missed, long used) {}

    public Count count() {
        lock.lock();
        try {
            return new Count(kept.size(), kept.isEmpty() ? forgottenUpTo : kept.lastKey(), dropped, missed, used);
        } finally {
            lock.unlock();
        }
    }
}
