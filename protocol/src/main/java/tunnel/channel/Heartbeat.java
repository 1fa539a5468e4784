package tunnel.channel;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import tunnel.protocol.Frame;
import tunnel.protocol.ProtocolException;

/// Whether the other end of a control channel is alive. Each side pings; whatever is heard counts as a sign of life; a side
/// that is silent for three intervals is gone. Time is that of `System.nanoTime`. Thread-safe.
public final class Heartbeat {
    private static final int SILENT_BEATS = 3;
    /// An honest peer sends one an interval, and a few more when it is woken or asked to take over.
    private static final int MOST_PINGS = 50;
    /// How many times an interval {@link #answersWithin} pings, well below what the peer takes.
    private static final int MOST_QUESTIONS = 25;

    private final ControlWriter writer;
    private final long intervalNanos;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition somethingHeard = lock.newCondition();

    @GuardedBy("lock")
    private long lastHeard = System.nanoTime();

    @GuardedBy("lock")
    private long lastAsked;

    @GuardedBy("lock")
    private long pingId;

    @GuardedBy("lock")
    private long pinged;

    @GuardedBy("lock")
    private int pings; // of the peer, since the last beat

    @GuardedBy("lock")
    private boolean over;

    public Heartbeat(ControlWriter writer, Duration interval) {
        this.writer = writer;
        this.intervalNanos = interval.toNanos();
        this.lastAsked = System.nanoTime() - intervalNanos;
    }

    /// A frame came.
    public void heard() {
        lock.lock();
        try {
            lastHeard = System.nanoTime();
            somethingHeard.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// A ping came.
    ///
    /// @throws ProtocolException when there were far too many since the last beat
    public void countPing() throws ProtocolException {
        lock.lock();
        try {
            if (++pings > MOST_PINGS) {
                throw new ProtocolException("more than " + MOST_PINGS + " pings came within one heartbeat");
            }
        } finally {
            lock.unlock();
        }
    }

    /// How long to wait before the next {@link #beat}: an interval, or less where the silence reaches its bound before. At whole
    /// intervals alone it would be found up to one later than that.
    public Duration untilBeat() {
        lock.lock();
        try {
            long left = SILENT_BEATS * intervalNanos - (System.nanoTime() - lastHeard);
            return Duration.ofNanos(Math.clamp(left, 1, intervalNanos));
        } finally {
            lock.unlock();
        }
    }

    /// Pings. To call after {@link #untilBeat}.
    ///
    /// @return false when the other end has been silent for three intervals
    public boolean beat() {
        lock.lock();
        try {
            pings = 0;
            over = System.nanoTime() - lastHeard >= SILENT_BEATS * intervalNanos;
            if (!over) {
                ping();
            }
            return !over;
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void ping() {
        pinged = System.nanoTime();
        writer.send(new Frame.Ping(++pingId));
    }

    /// A pong came.
    ///
    /// @return how long its ping and it took, or null where it answers another one than the last
    public @Nullable Duration roundTrip(long pong) {
        lock.lock();
        try {
            return pong == pingId ? Duration.ofNanos(System.nanoTime() - pinged) : null;
        } finally {
            lock.unlock();
        }
    }

    /// Whether {@link #beat} has found the other end silent.
    public boolean isOver() {
        lock.lock();
        try {
            return over;
        } finally {
            lock.unlock();
        }
    }

    /// Pings at once and waits for a sign of life. Who asks again a moment later shares the last one's ping, so that no
    /// number of questions is too many for the peer.
    public boolean answersWithin(Duration time) throws InterruptedException {
        lock.lock();
        try {
            long now = System.nanoTime();
            long left = time.toNanos();
            if (now - lastAsked > intervalNanos / MOST_QUESTIONS) {
                lastAsked = now;
                ping();
            }
            long asked = lastAsked;
            while (lastHeard - asked <= 0) {
                if (left <= 0) {
                    return false;
                }
                left = somethingHeard.awaitNanos(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }
}
