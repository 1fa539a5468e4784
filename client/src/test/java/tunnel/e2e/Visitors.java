package tunnel.e2e;

import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/// Visitors who come one after another for as long as this is open.
final class Visitors implements AutoCloseable {
    private final AtomicInteger served = new AtomicInteger();
    private final List<Visit> failures = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private volatile boolean closed;

    Visitors(Supplier<Visit> visit) {
        thread = Thread.ofVirtual().name("visits").start(() -> {
            while (!closed) {
                Visit one = visit.get();
                if (one.status() == 200) {
                    served.incrementAndGet();
                } else {
                    failures.add(one);
                }
            }
        });
    }

    /// Waits until some more were served.
    void awaitMore(int more) {
        int enough = served.get() + more;
        await().atMost(World.PATIENCE).until(() -> served.get() >= enough || !failures.isEmpty());
    }

    /// Those who were not served.
    List<Visit> failures() {
        return failures;
    }

    @Override
    public void close() {
        closed = true;
        await().atMost(World.PATIENCE).until(() -> !thread.isAlive());
    }
}
