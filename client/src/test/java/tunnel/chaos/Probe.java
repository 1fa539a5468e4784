package tunnel.chaos;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A visitor who asks every 20 ms from its making on, in turns on a connection that is kept and on a fresh one.
final class Probe implements AutoCloseable {
    private static final long INTERVAL_NANOS = Duration.ofMillis(20).toNanos();

    private final String address;
    private final int port;
    private final String host;
    private final Thread thread;
    private volatile boolean closed;

    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private List<Long> nanos = new ArrayList<>();

    @GuardedBy("lock")
    private List<String> errors = new ArrayList<>();

    Probe(String address, int port, String host) {
        this.address = address;
        this.port = port;
        this.host = host;
        thread = Thread.ofPlatform().name("probe-" + host).daemon().start(this::run);
    }

    private void run() {
        Asker kept = null;
        long turn = System.nanoTime();
        try {
            for (int i = 0; !closed; i++) {
                turn = Math.max(turn + INTERVAL_NANOS, System.nanoTime() - INTERVAL_NANOS);
                LockSupport.parkNanos(turn - System.nanoTime());
                kept = i % 2 == 0 ? askKept(kept, i) : kept;
                if (i % 2 == 1) {
                    askFresh(i);
                }
            }
        } finally {
            close(kept);
        }
    }

    private @Nullable Asker askKept(@Nullable Asker before, int i) {
        long began = System.nanoTime();
        Asker asker = before;
        try {
            asker = asker == null ? new Asker(address, port, host) : asker;
            check(asker.ask("/kept/" + i), "/kept/" + i, began);
            return asker;
        } catch (IOException | RuntimeException e) {
            failed("kept: " + e);
            close(asker);
            return null;
        }
    }

    private void askFresh(int i) {
        long began = System.nanoTime();
        try (Asker asker = new Asker(address, port, host)) {
            check(asker.ask("/fresh/" + i), "/fresh/" + i, began);
        } catch (IOException | RuntimeException e) {
            failed("fresh: " + e);
        }
    }

    private void check(Asker.Answer answer, String path, long began) {
        if (answer.status() != 200 || !answer.body().equals("ok " + path)) {
            failed(path + ": " + answer);
            return;
        }
        lock.lock();
        try {
            nanos.add(System.nanoTime() - began);
        } finally {
            lock.unlock();
        }
    }

    private void failed(String what) {
        lock.lock();
        try {
            errors.add(what);
        } finally {
            lock.unlock();
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }

    private static void close(@Nullable Asker asker) {
        try {
            if (asker != null) {
                asker.close();
            }
        } catch (IOException e) {
            // it is closed
        }
    }

    /// What has come since the last time; the next time begins.
    Latencies take() {
        lock.lock();
        try {
            Latencies taken = Latencies.of(nanos, errors.size());
            if (!errors.isEmpty()) {
                firstError = errors.getFirst();
            }
            nanos = new ArrayList<>();
            errors = new ArrayList<>();
            return taken;
        } finally {
            lock.unlock();
        }
    }

    private volatile String firstError = "";

    /// For who looks for the reason.
    String firstError() {
        return firstError;
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(Duration.ofSeconds(25));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
