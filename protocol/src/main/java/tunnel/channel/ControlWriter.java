package tunnel.channel;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tunnel.protocol.Frame;
import tunnel.protocol.FrameChannel;

/// The one writer of a control channel. Nobody who has something to say waits for the peer: frames are queued, and those
/// that only tell the latest state (the target of data channels, a pong) replace one that has not left yet.
public final class ControlWriter {
    private static final Logger log = LoggerFactory.getLogger(ControlWriter.class);
    /// Far more than a healthy session has waiting; a peer that lets this many pile up is not reading.
    private static final int MOST_QUEUED = 4096;
    private static final Duration END = Duration.ofSeconds(1);

    private final FrameChannel frames;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    @GuardedBy("lock")
    private final Deque<Frame> queue = new ArrayDeque<>();

    @GuardedBy("lock")
    private Frame.@Nullable OpenData target;

    @GuardedBy("lock")
    private Frame.@Nullable Pong pong;

    @GuardedBy("lock")
    private boolean started;

    @GuardedBy("lock")
    private boolean ending;

    private final Thread thread;

    /// Frames may be sent at once; they leave after {@link #start}.
    ///
    /// @param name of the thread, which {@link #start} starts
    public ControlWriter(FrameChannel frames, String name) {
        this.frames = frames;
        this.thread = Thread.ofVirtual().name(name).unstarted(this::run);
    }

    /// Begins to write. Once is enough; again does nothing.
    public void start() {
        lock.lock();
        try {
            if (!started) {
                started = true;
                thread.start();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Queues a frame. Never blocks; when far too many are queued the channel is closed.
    public void send(Frame frame) {
        lock.lock();
        try {
            if (ending) {
                return;
            }
            switch (frame) {
                case Frame.OpenData latest -> target = latest;
                case Frame.Pong latest -> pong = latest;
                default -> queue.add(frame);
            }
            if (queue.size() > MOST_QUEUED) {
                log.warn("{}: the peer does not read its control channel, it is closed", thread.getName());
                frames.abort();
                ending = true;
            }
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            for (Frame frame = next(); frame != null; frame = next()) {
                frames.write(frame);
            }
        } catch (IOException e) {
            log.debug("the control channel was lost: {}", e.getMessage());
            frames.abort();
        } catch (InterruptedException e) {
            frames.abort();
        } catch (RuntimeException | Error e) { // nobody would write to this channel any more
            frames.abort();
            throw e;
        }
    }

    private @Nullable Frame next() throws InterruptedException {
        lock.lock();
        try {
            while (true) {
                Frame next = takeNext();
                if (next != null || ending) {
                    return next;
                }
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /// What was queued goes first: `Welcome` before the first target.
    @GuardedBy("lock")
    private @Nullable Frame takeNext() {
        Frame next = queue.poll();
        if (next == null && pong != null) {
            next = pong;
            pong = null;
        } else if (next == null && target != null) {
            next = target;
            target = null;
        }
        return next;
    }

    /// Lets what is queued leave, for at most a second, and ends the thread. The channel stays open where that succeeded.
    /// May come before {@link #start}, when a session is closed at the moment in which it begins.
    public void end() {
        start();
        lock.lock();
        try {
            ending = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
        try {
            if (!thread.join(END)) {
                frames.abort();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            frames.abort();
        }
    }
}
