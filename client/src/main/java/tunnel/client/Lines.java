package tunnel.client;

import java.io.PrintStream;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Lines for people and programs, in their order. A thread of its own writes, so that a terminal that was stopped, or a program
/// that does not read, stops nothing else.
final class Lines {
    /// Some megabytes of the longest; a reader that is that far behind does not read.
    private static final int MOST_WAITING = 10_000;

    private final PrintStream out;
    private final ExecutorService writer = new ThreadPoolExecutor(
            0,
            1,
            1,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MOST_WAITING),
            Thread.ofPlatform().daemon().name("console").factory());

    Lines(PrintStream out) {
        this.out = out;
    }

    /// Queues a line. Never waits.
    ///
    /// @return false where there are too many waiting: it is dropped
    boolean print(String line) {
        try {
            writer.execute(() -> {
                out.println(line);
                out.flush();
            });
            return true;
        } catch (RejectedExecutionException e) {
            return writer.isShutdown(); // nobody wants it any more
        }
    }

    /// Lets what is queued leave, for at most a second. Nothing is printed after it.
    void flush() {
        writer.shutdown();
        try {
            var _ = writer.awaitTermination(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
