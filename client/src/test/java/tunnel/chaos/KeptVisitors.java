package tunnel.chaos;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;

/// Visitors who ask one request after another, each on a connection that is there from the beginning.
final class KeptVisitors implements AutoCloseable {
    private final AtomicInteger answers = new AtomicInteger();
    private final AtomicInteger errors = new AtomicInteger();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean closed;

    KeptVisitors(int port, String host, int count) {
        for (int i = 0; i < count; i++) {
            threads.add(Thread.ofVirtual().name("kept").start(() -> ask(port, host)));
        }
    }

    private void ask(int port, String host) {
        try (Asker asker = new Asker(port, host)) {
            while (!closed) {
                if (asker.ask("/kept").status() != 200) {
                    errors.incrementAndGet();
                }
                answers.incrementAndGet();
            }
        } catch (IOException e) {
            errors.incrementAndGet();
        }
    }

    void awaitAnswers(int count) {
        Awaitility.await().until(() -> answers.get() >= count);
    }

    int answers() {
        return answers.get();
    }

    int errors() {
        return errors.get();
    }

    @Override
    public void close() {
        closed = true;
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
