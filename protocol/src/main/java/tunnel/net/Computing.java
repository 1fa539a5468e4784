package tunnel.net;

import java.io.InterruptedIOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Where TLS handshakes compute their keys, milliseconds each, so that no {@link Loop} stands still meanwhile: on half of the
/// processors, since the loops want some too, and in the order in which they came. Where hundreds of clients come at once and
/// all compute in parallel, or leave no processor for what follows, the first of them is through hardly before the last. One
/// that waits for its turn, or computes, does not wait for its peer, so that nobody can hold others up.
final class Computing {
    private static final int COUNT = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    private static final int IDLE_SECONDS = 10;
    private static final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            COUNT,
            COUNT,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(), // whoever is in it waits, so that it holds no more than there are handshakes
            Thread.ofPlatform().daemon().name("computing-", 1).factory());

    static {
        threads.allowCoreThreadTimeOut(true);
    }

    private Computing() {}

    /// Runs it there, and returns when it has run.
    ///
    /// @throws InterruptedIOException when the caller is interrupted
    static void run(Runnable task) throws InterruptedIOException {
        Future<?> done = threads.submit(task);
        try {
            done.get();
        } catch (InterruptedException e) {
            done.cancel(false);
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }
}
