package tunnel.net;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// How many there are at once of each kind, of which none may have more than so many. What nobody has takes no memory.
/// Thread-safe.
public final class Tally<K> {
    private final Map<K, Integer> counts = new ConcurrentHashMap<>();
    private final int most;

    /// @param most of one kind
    public Tally(int most) {
        this.most = most;
    }

    /// Counts one more, unless there are as many as there may be. Each that was counted is to {@link #leave} once.
    public boolean enter(K kind) {
        boolean[] entered = {false};
        counts.compute(kind, (_, count) -> {
            int before = count == null ? 0 : count;
            entered[0] = before < most;
            return entered[0] ? Integer.valueOf(before + 1) : count;
        });
        return entered[0];
    }

    /// One is gone.
    public void leave(K kind) {
        counts.computeIfPresent(kind, (_, count) -> count == 1 ? null : count - 1);
    }

    /// Whether there is one.
    public boolean has(K kind) {
        return counts.containsKey(kind);
    }
}
