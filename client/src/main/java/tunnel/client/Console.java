package tunnel.client;

import java.io.PrintStream;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import tunnel.events.ClientEvents;

/// Standard output: one line for each public address, once. A thread of its own writes, so that a terminal that was stopped
/// stops nothing else.
public final class Console implements ClientEvents {
    private final PrintStream out;
    private final Set<String> printed = ConcurrentHashMap.newKeySet();
    private final ExecutorService writer = new ThreadPoolExecutor(
            0,
            1,
            1,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("console").factory());

    public Console(PrintStream out) {
        this.out = out;
    }

    @Override
    public void ready(Shown tunnel) {
        tunnel.urls().forEach(url -> address(url, tunnel.local()));
    }

    /// Prints an address unless it was printed before: after a reconnect only what has changed is news.
    private void address(String url, String local) {
        String line = url + " -> " + local;
        if (!writer.isShutdown() && printed.add(line)) {
            writer.execute(() -> {
                out.println(line);
                out.flush();
            });
        }
    }

    /// Lets what is queued leave, for at most a second. Nothing is printed after it.
    public void flush() {
        writer.shutdown();
        try {
            var _ = writer.awaitTermination(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
