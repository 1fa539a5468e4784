package tunnel.server.control;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tunnel.net.Source;
import tunnel.server.registry.Limits;

/// What addresses owe for logins that failed, as OpenSSH's PerSourcePenalties have it: the n-th failure costs n times 5 s, up
/// to 10 minutes ({@link Limits.Penalties}), and while an address owes more than two slips cost nothing of it is checked. A debt shrinks as time passes,
/// and who owes nothing begins anew. So at most six guesses a minute are checked, and fewer the longer it goes on.
/// Thread-safe.
final class Penalties {
    static final int MOST = 10_000; // addresses; some 2 MB

    /// @param until when nothing is owed any more, of the clock
    private record Debt(int failures, long until) {}

    private final Limits.Penalties limits;
    private final LongSupplier clock;

    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final LinkedHashMap<Source, Debt> debts = new LinkedHashMap<>(); // whose last failure is oldest first

    /// @param clock as System.nanoTime
    Penalties(Limits.Penalties limits, LongSupplier clock) {
        this.limits = limits;
        this.clock = clock;
    }

    /// What became of a proof.
    ///
    /// @param delay before the next one is checked; where it is not zero this one was not
    /// @param result of the check, null where the proof was wrong
    record Checked<T>(Duration delay, @Nullable T result) {}

    /// How long nothing of an address is checked.
    Duration delay(Source source) {
        lock.lock();
        try {
            return delay(debts.get(source));
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private Duration delay(@Nullable Debt debt) {
        long owed = debt == null ? 0 : debt.until - clock.getAsLong();
        return owed <= limits.free().toNanos() ? Duration.ZERO : Duration.ofNanos(owed).minus(limits.free());
    }

    /// Checks a proof, unless its sender owes too much. One after another: of many that come at once no more are checked.
    ///
    /// @param proof some microseconds of computing; null when it is wrong
    <T> Checked<T> check(Source source, Supplier<@Nullable T> proof) {
        lock.lock();
        try {
            Duration delay = delay(debts.get(source));
            if (!delay.isZero()) {
                return new Checked<>(delay, null);
            }
            T result = proof.get();
            if (result == null) {
                charge(source);
            }
            return new Checked<>(Duration.ZERO, result);
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void charge(Source source) {
        long now = clock.getAsLong();
        Debt before = debts.remove(source);
        if (before == null || before.until - now <= 0) {
            before = new Debt(0, now);
        }
        int failures = before.failures + 1;
        long owed = before.until - now + limits.step().multipliedBy(failures).toNanos();
        if (debts.size() >= MOST) {
            var _ = debts.pollFirstEntry();
        }
        debts.put(source, new Debt(failures, now + Math.min(owed, limits.longest().toNanos())));
    }

    /// Addresses that are remembered.
    int known() {
        lock.lock();
        try {
            return debts.size();
        } finally {
            lock.unlock();
        }
    }
}
