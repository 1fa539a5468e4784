package tunnel.server.control;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import tunnel.server.registry.Limits;

/// A session's data channels. It alone decides how many there should be: one for each visitor who has one or waits, and behind
/// them what the busiest moment of late would need, at least {@link Limits.Channels#idleAtRest}. The client is told an
/// absolute number, so that nothing is lost when a message is. It counts those with a stream too, so that it stays the same when
/// an idle one gets one, which the client may hear of sooner or later. Thread-safe; nothing is read or written under its lock.
final class DataPool {
    private final Limits.Channels limits;
    private final IntConsumer tellTarget;
    private final Set<DataChannel> all = ConcurrentHashMap.newKeySet();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idleOrClosed = lock.newCondition();

    @GuardedBy("lock")
    private final Deque<DataChannel> idle = new ArrayDeque<>(); // used last is used next, the others may go

    @GuardedBy("lock")
    private final Set<DataChannel> busy = new HashSet<>();

    @GuardedBy("lock")
    private int waiting;

    @GuardedBy("lock")
    private int peak; // of busy and waiting, of late

    @GuardedBy("lock")
    private int target; // only a tick lowers it

    @GuardedBy("lock")
    private int allowed; // the target before that: what the client may be answering

    @GuardedBy("lock")
    private boolean closed;

    /// @param tellTarget queues `OpenData` for the client; must not block
    DataPool(Limits.Channels limits, IntConsumer tellTarget) {
        this.limits = limits;
        this.tellTarget = tellTarget;
    }

    /// Sends the first target.
    void start() {
        lock.lock();
        try {
            raise();
        } finally {
            lock.unlock();
        }
    }

    /// Whether one more channel was asked for, or one is dialled for a stream that has ended meanwhile: refused, it would be
    /// dialled again with the next stream. Asked before its thread calls {@link #add}.
    boolean wantsMore() {
        lock.lock();
        try {
            return !closed && all.size() < Math.min(limits.most(), Math.max(allowed, target) + peak);
        } finally {
            lock.unlock();
        }
    }

    /// A new channel is there.
    void add(DataChannel channel) {
        all.add(channel);
        giveBack(channel);
    }

    /// A channel is idle.
    void giveBack(DataChannel channel) {
        lock.lock();
        try {
            busy.remove(channel);
            if (closed) {
                channel.abort();
                return;
            }
            if (!all.contains(channel)) {
                return; // it died while its stream ended
            }
            idle.push(channel);
            idleOrClosed.signal();
        } finally {
            lock.unlock();
        }
    }

    /// A channel is gone.
    void remove(DataChannel channel) {
        all.remove(channel);
        lock.lock();
        try {
            busy.remove(channel);
            idle.remove(channel);
        } finally {
            lock.unlock();
        }
    }

    /// An idle channel, which is busy from now on; waits for one.
    ///
    /// @return null where none came in time, or the session is over
    @Nullable DataChannel take(long nanos) throws InterruptedException {
        lock.lock();
        try {
            if (idle.isEmpty()) {
                await(nanos);
            }
            DataChannel channel = closed ? null : idle.poll();
            if (channel != null) {
                busy.add(channel);
            }
            peak = Math.max(peak, busy.size() + waiting);
            raise();
            return channel;
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void await(long nanos) throws InterruptedException {
        waiting++;
        try {
            peak = Math.max(peak, busy.size() + waiting);
            if (!raise() && all.size() < target) {
                tellTarget.accept(target); // some were lost, and the client need not know what for
            }
            long left = nanos;
            while (idle.isEmpty() && left > 0 && !closed) {
                left = idleOrClosed.awaitNanos(left);
            }
        } finally {
            waiting--;
        }
    }

    /// Whether it was too low, and the client is told.
    @GuardedBy("lock")
    private boolean raise() {
        return retarget(Math.max(target, wanted()));
    }

    @GuardedBy("lock")
    private boolean retarget(int wanted) {
        if (wanted == target) {
            return false;
        }
        target = wanted;
        tellTarget.accept(wanted);
        return true;
    }

    @GuardedBy("lock")
    private int wanted() {
        int visitors = busy.size() + waiting;
        int reserve = Math.min(limits.idleAtMost(), Math.max(limits.idleAtRest(), peak - visitors));
        return Math.min(limits.most(), visitors + reserve);
    }

    /// Forgets peaks by and by, and closes idle channels that are too many. By the session's ticker.
    void tick() {
        List<DataChannel> surplus = new ArrayList<>();
        lock.lock();
        try {
            peak = Math.max(busy.size() + waiting, peak - Math.max(1, peak / 8));
            int before = target;
            retarget(wanted());
            int most = Math.max(before, allowed) + peak;
            while (all.size() > most && !idle.isEmpty()) {
                DataChannel one = idle.removeLast();
                all.remove(one);
                surplus.add(one);
            }
            allowed = before;
        } finally {
            lock.unlock();
        }
        surplus.forEach(DataChannel::abort);
    }

    /// Closes channels in which a write has made no progress for too long. By the session's ticker.
    void abortStalled(long now) {
        for (DataChannel channel : all) {
            if (channel.hasStalled(now, limits.stalled())) {
                channel.abort();
            }
        }
    }

    /// Channels at this moment.
    ///
    /// @param busy with a stream
    record Count(int idle, int busy) {}

    Count count() {
        lock.lock();
        try {
            return new Count(idle.size(), busy.size());
        } finally {
            lock.unlock();
        }
    }

    /// Those that are idle at this moment.
    List<DataChannel> idle() {
        lock.lock();
        try {
            return new ArrayList<>(idle);
        } finally {
            lock.unlock();
        }
    }

    /// Ends all channels, and the wait of all who wait for one.
    void close() {
        lock.lock();
        try {
            closed = true;
            idleOrClosed.signalAll();
        } finally {
            lock.unlock();
        }
        all.forEach(DataChannel::abort);
    }
}
