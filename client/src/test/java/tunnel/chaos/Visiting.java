package tunnel.chaos;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;

/// Visitors who ask one request after another, some at once.
final class Visiting implements AutoCloseable {
    private final AtomicInteger answers = new AtomicInteger();
    private final AtomicInteger errors = new AtomicInteger();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean closed;

    private Visiting() {}

    /// Each on a connection that is there from the beginning; one that is lost ends its visitor.
    static Visiting kept(int port, String host, int count) {
        Visiting all = new Visiting();
        all.start(count, () -> all.askOnOneConnection(port, host));
        return all;
    }

    /// Each request on a connection of its own.
    static Visiting fresh(int port, String host, int count) {
        Visiting all = new Visiting();
        all.start(count, () -> all.askOnFreshConnections(port, host));
        return all;
    }

    private void start(int count, Runnable visitor) {
        for (int i = 0; i < count; i++) {
            threads.add(Thread.ofVirtual().name("visiting").start(visitor));
        }
    }

    private void askOnOneConnection(int port, String host) {
        try (Asker asker = new Asker(port, host)) {
            while (!closed) {
                count(asker.ask("/kept"));
            }
        } catch (IOException e) {
            errors.incrementAndGet();
        }
    }

    private void askOnFreshConnections(int port, String host) {
        while (!closed) {
            try {
                count(Asker.once(port, host, "/"));
            } catch (IOException e) {
                errors.incrementAndGet();
                answers.incrementAndGet();
            }
        }
    }

    private void count(Asker.Answer answer) {
        if (answer.status() != 200) {
            errors.incrementAndGet();
        }
        answers.incrementAndGet();
    }

    void awaitMore(int count) {
        int goal = answers.get() + count;
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> answers.get() >= goal);
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
