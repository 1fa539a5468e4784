package tunnel.net;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Runs what would block a {@link Loop}, on a thread of the kernel of its own: the system's resolver, a handshake that
/// computes between its waits. Of these threads there are {@link #MOST} at once; others wait for their turn.
public final class Elsewhere {
    /// A resolver or a local service that stands still holds a thread for each visitor, for 10 s.
    private static final int MOST = 128;

    private static final Semaphore places = new Semaphore(MOST, true);

    private Elsewhere() {}

    /// Returns or throws what `call` does. Where that takes too long the thread is left to itself, and ends with the call.
    ///
    /// @param name of the thread
    /// @throws SocketTimeoutException after `most`, the wait for a turn included
    public static <T> T call(String name, Duration most, Callable<T> call) throws IOException {
        long end = System.nanoTime() + most.toNanos();
        FutureTask<T> answer = new FutureTask<>(call);
        try {
            if (!places.tryAcquire(most.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new SocketTimeoutException(name + " took too long: " + MOST + " of its kind are under way");
            }
            start(name, answer);
            return answer.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            throw new SocketTimeoutException(name + " took too long");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClosedByInterruptException();
        }
    }

    private static void start(String name, Runnable task) {
        boolean started = false;
        try {
            Thread.ofPlatform().daemon().name(name).start(() -> {
                try {
                    task.run();
                } finally {
                    places.release();
                }
            });
            started = true;
        } finally {
            if (!started) {
                places.release();
            }
        }
    }
}
