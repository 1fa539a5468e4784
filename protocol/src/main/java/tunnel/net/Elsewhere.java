package tunnel.net;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Runs what would block a {@link Loop}, on a thread of the kernel of its own: the system's resolver, a handshake that
/// computes between its waits.
public final class Elsewhere {
    private Elsewhere() {}

    /// Returns or throws what `call` does. Where that takes too long the thread is left to itself, and ends with the call.
    ///
    /// @param name of the thread
    /// @throws SocketTimeoutException after `most`
    public static <T> T call(String name, Duration most, Callable<T> call) throws IOException {
        FutureTask<T> answer = new FutureTask<>(call);
        Thread.ofPlatform().daemon().name(name).start(answer);
        try {
            return answer.get(most.toNanos(), TimeUnit.NANOSECONDS);
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
}
