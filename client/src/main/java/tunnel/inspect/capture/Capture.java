package tunnel.inspect.capture;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tunnel.events.ClientEvents;
import tunnel.inspect.mask.Masks;
import tunnel.inspect.store.LocalTarget;
import tunnel.inspect.store.Recorded;
import tunnel.inspect.store.Store;
import tunnel.net.Addresses;

/// The side copy of what passes. Those who carry bytes put notes into a queue that is bounded in bytes, and go on whether there
/// was room or not; they never wait, take no lock, and wake the capture's thread only when it sleeps. That thread makes exchanges
/// of the notes. What captures cost is bounded too, by allowances that fill up with time: beyond them exchanges are only counted,
/// and bodies cut off.
public final class Capture implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Capture.class);

    /// What is looked at.
    public enum Mode {
        /// Nothing.
        OFF,
        /// Heads, for lists and rates.
        HEADS,
        /// All.
        FULL
    }

    /// What captures may cost.
    ///
    /// @param queue bytes that wait for the capture's thread
    /// @param exchanges that are captured at once, and then in each second `exchangesPerSecond`
    /// @param bytes of bodies that are copied at once, and then in each second `bytesPerSecond`
    public record Limits(int queue, long exchanges, long exchangesPerSecond, long bytes, long bytesPerSecond) {
        /// What a person can look at, many times over. A captured exchange costs 2.3 µs, one that is only followed 0.2 µs; what is
        /// kept costs more than that, in collections of a small heap, so that the rate is low once the first are there.
        public static final Limits DEFAULT = new Limits(
                (int) Math.min(8 << 20, Runtime.getRuntime().maxMemory() / 32), 12_000, 250, 32 << 20, 4 << 20);
    }

    /// For a body of which all is looked at as it passes.
    static final long ENDLESS = Long.MAX_VALUE;
    /// While exchanges come they are looked at together: the thread wakes so often at the most.
    private static final long TOGETHER_NANOS = Duration.ofMillis(10).toNanos();
    /// Between looks at what goes on for long, and at allowances that have run out.
    private static final long TICK_NANOS = Duration.ofMillis(250).toNanos();
    private static final long LAST_LOOK_MILLIS = 1000;

    private final Mode mode;
    private final Limits limits;
    private final long bodyBound;
    private final @Nullable Recorder recorder; // null where it is off

    private final ConcurrentLinkedQueue<Note> queue = new ConcurrentLinkedQueue<>();
    private final AtomicLong queued = new AtomicLong(); // bytes
    private final Allowance exchanges;
    private final Allowance bytes;
    private final LongAdder missed = new LongAdder();

    private final AtomicBoolean started = new AtomicBoolean();
    private volatile @Nullable Thread thread;
    private volatile boolean asleep;
    private volatile boolean closed;

    private Capture() {
        this.mode = Mode.OFF;
        this.limits = Limits.DEFAULT;
        this.bodyBound = 0;
        this.recorder = null;
        this.exchanges = new Allowance(0, 0);
        this.bytes = new Allowance(0, 0);
    }

    /// @param store takes the exchanges
    /// @param told of each exchange
    public Capture(Mode mode, Limits limits, Masks masks, Store store, ClientEvents told) {
        this.mode = mode;
        this.limits = limits;
        this.bodyBound = mode == Mode.FULL ? store.bounds().body() : 0;
        this.recorder = mode == Mode.OFF ? null : new Recorder(masks, store, told);
        this.exchanges = new Allowance(limits.exchanges, limits.exchangesPerSecond);
        this.bytes = new Allowance(limits.bytes, limits.bytesPerSecond);
    }

    /// One that looks at nothing.
    public static Capture off() {
        return new Capture();
    }

    /// Looks at a visitor's stream.
    ///
    /// @param http whether it is of an HTTP tunnel
    /// @param edgeMicros how long the server had it, or -1 where it does not say
    /// @param left whether the server has reset it; asked from any thread
    public StreamTap tap(
            LocalTarget target, boolean http, InetSocketAddress visitor, long edgeMicros, BooleanSupplier left) {
        if (mode == Mode.OFF || closed) {
            return StreamTap.NONE;
        }
        String address = Addresses.text(visitor.getAddress());
        return started(new LiveTap(
                this, new LiveTap.Origin(target, address, LiveTap.Repeated.NONE, http, edgeMicros, left)));
    }

    /// Looks at a request that is sent again.
    ///
    /// @param watcher is told of the new exchange with each change, on the capture's thread
    /// @return null where nothing is captured
    public @Nullable ReplayTap replay(LocalTarget target, long of, Consumer<Recorded> watcher) {
        return mode == Mode.OFF || closed
                ? null
                : started(new LiveTap(
                        this, new LiveTap.Origin(target, "", new LiveTap.Repeated(of, watcher), true, -1, () -> false)));
    }

    /// With the first stream, so that a client that serves nobody yet does without the thread.
    private LiveTap started(LiveTap tap) {
        if (!started.get() && started.compareAndSet(false, true)) {
            Thread made = Thread.ofPlatform().daemon().name("capture").unstarted(this::run);
            thread = made; // before it can fall asleep, or nobody knows whom to wake
            made.start();
        }
        return tap;
    }

    /// Whether another exchange may be captured; otherwise it counts as missed.
    boolean admits() {
        if (queued.get() < limits.queue && !closed && exchanges.take(1)) {
            return true;
        }
        missed.increment(); // which the thread looks for by itself: to wake it would cost more than to capture
        return false;
    }

    /// Whether so many bytes of a body may be copied.
    boolean mayCopy(int count) {
        return queued.get() + count <= limits.queue && bytes.take(count);
    }

    /// Whether so many bytes more may come of what was copied, by inflating it.
    boolean mayInflate(int count) {
        return bytes.take(count);
    }

    /// How much of a body is looked at.
    long bodyRoom(boolean eventStream) {
        return bodyBound > 0 && eventStream ? ENDLESS : bodyBound;
    }

    boolean keepsBodies() {
        return bodyBound > 0;
    }

    /// Leaves a note.
    ///
    /// @return whether there was room for it
    boolean offer(Note note) {
        if (note.flight().isLost() || closed) {
            return false;
        }
        if (queued.addAndGet(note.size()) > limits.queue) {
            queued.getAndAdd(-note.size());
            return false;
        }
        queue.add(note);
        wake();
        return true;
    }

    /// An exchange of which too much had no room.
    void lose(Flight flight) {
        if (flight.lose()) {
            missed.increment();
        }
    }

    private void wake() {
        if (asleep) {
            asleep = false;
            LockSupport.unpark(thread);
        }
    }

    private void run() {
        Recorder by = recorder;
        if (by == null) {
            return;
        }
        while (!closed) {
            exchanges.fill();
            bytes.fill();
            boolean any = lookOrGoOn(by);
            if (any) {
                LockSupport.parkNanos(TOGETHER_NANOS);
            } else {
                sleep(by);
            }
        }
        lookOrGoOn(by);
        by.close();
    }

    /// A fault with one look is not the last look's.
    private boolean lookOrGoOn(Recorder by) {
        try {
            return look(by);
        } catch (RuntimeException | OutOfMemoryError e) {
            log.error("what was captured could not be looked at", e);
            return true;
        }
    }

    /// Until there is something to do.
    private void sleep(Recorder by) {
        asleep = true;
        if (queue.isEmpty() && !closed) {
            boolean mayWait = by.isQuiet() && exchanges.isFull() && bytes.isFull();
            if (mayWait) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, TICK_NANOS);
            }
        }
        asleep = false;
    }

    /// All notes that are there, and a word about what was missed.
    private boolean look(Recorder by) {
        by.begin();
        boolean any = false;
        for (Note note = queue.poll(); note != null; note = queue.poll()) {
            queued.getAndAdd(-note.size());
            by.take(note);
            any = true;
        }
        by.end(missed.sumThenReset());
        return any;
    }

    /// Looks at what is there, for a second at most, and ends. Closing again does nothing.
    @Override
    public void close() {
        closed = true;
        Thread running = thread;
        if (running != null) {
            LockSupport.unpark(running);
            try {
                var _ = running.join(Duration.ofMillis(LAST_LOOK_MILLIS));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
