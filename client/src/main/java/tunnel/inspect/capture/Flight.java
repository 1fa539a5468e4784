package tunnel.inspect.capture;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// One exchange, or one connection of a TCP tunnel, as those who carry its bytes see it. Each field has one thread that writes it;
/// the capture's reads.
final class Flight {
    private final LiveTap tap;
    private final long began;
    private final long requestAt;

    private final AtomicReference<@Nullable String> failure = new AtomicReference<>();
    private volatile long responseAt;
    private volatile long requestBytes;
    private volatile long responseBytes;
    private volatile boolean requestDone;
    private volatile boolean responseDone;
    private volatile boolean orderly; // the local service's half has ended, and not broken off
    private volatile boolean leftByVisitor;
    private final AtomicBoolean lost = new AtomicBoolean(); // a head had no room in the queue
    private volatile long overAt;

    /// The capture's thread only: what it has made of it.
    @Nullable Recording recording;

    /// @param began when it came here
    /// @param requestAt when its first byte was about to go to the local service
    Flight(LiveTap tap, long began, long requestAt) {
        this.tap = tap;
        this.began = began;
        this.requestAt = requestAt;
    }

    LiveTap tap() {
        return tap;
    }

    long began() {
        return began;
    }

    long requestAt() {
        return requestAt;
    }

    /// 0 before it began.
    long responseAt() {
        return responseAt;
    }

    void responseBegan(long nanos) {
        responseAt = nanos;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes each
    void count(boolean fromLocal, long bytes) {
        if (fromLocal) {
            responseBytes += bytes;
        } else {
            requestBytes += bytes;
        }
    }

    long requestBytes() {
        return requestBytes;
    }

    long responseBytes() {
        return responseBytes;
    }

    /// A message has passed as a whole.
    void done(boolean fromLocal, long nanos) {
        if (fromLocal) {
            responseDone = true;
        } else {
            requestDone = true;
        }
        if (requestDone && responseDone) {
            overAt = nanos;
        }
    }

    void orderlyEnd() {
        orderly = true;
    }

    boolean isOrderly() {
        return orderly;
    }

    boolean isResponseDone() {
        return responseDone;
    }

    /// The first reason counts.
    void fail(String why) {
        failure.compareAndSet(null, why);
    }

    @Nullable String failure() {
        return failure.get();
    }

    /// The visitor has gone, of which all else is the consequence.
    void left() {
        leftByVisitor = true;
    }

    /// Its stream is over, whatever was missing.
    void over(long nanos, boolean byVisitor) {
        leftByVisitor |= byVisitor;
        if (overAt == 0) {
            overAt = nanos;
        }
    }

    boolean isLeftByVisitor() {
        return leftByVisitor;
    }

    /// When it was over; 0 before.
    long overAt() {
        return overAt;
    }

    /// Too much of it had no room.
    ///
    /// @return whether it was not lost before
    boolean lose() {
        return lost.compareAndSet(false, true);
    }

    boolean isLost() {
        return lost.get();
    }
}
