package tunnel.server.edge;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A request that may be said twice, as it is kept to be sent again until something of a response has come. Whoever finds its
/// connection lost asks, one after the other.
final class KeptRequest {
    /// How often it is sent again to a local service that restarts: that may accept a few which it does not live to answer.
    private static final int MOST = 3;
    private static final Duration PAUSE = Duration.ofMillis(200); // before the second time, twice that before the third

    private final AtomicInteger times = new AtomicInteger(); // sent again
    private volatile byte @Nullable [] bytes;

    /// To send again.
    ///
    /// @param pause to wait before that
    record Again(ByteBuffer request, Duration pause) {}

    /// By the visitor's thread, before the connection can be lost.
    void keep(ByteBuffer request) {
        byte[] copy = new byte[request.remaining()];
        request.get(request.position(), copy);
        bytes = copy;
    }

    /// It is not sent again.
    void forget() {
        bytes = null;
    }

    /// What to send again, or null where it was never to be, or not once more.
    ///
    /// @param patient whether once is not enough
    @Nullable Again again(boolean patient) {
        byte[] kept = bytes;
        if (kept == null) {
            return null;
        }
        int time = times.incrementAndGet();
        if (!patient || time == MOST) {
            forget();
        }
        return new Again(ByteBuffer.wrap(kept), PAUSE.multipliedBy(time - 1));
    }
}
