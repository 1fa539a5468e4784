package tunnel.log;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/// Lines that strangers can cause as many of as they like: the first of a kind at once, then one line a second with how
/// many there were, so that an attack neither fills the disk nor hides the other lines. Thread-safe.
public final class CountedLog implements AutoCloseable {
    private static final Duration WINDOW = Duration.ofSeconds(1);

    private final Logger log;

    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Map<String, Window> windows = new HashMap<>(); // of kinds that there was one of in the last second

    /// What came in the second that is under way, after the line that began it.
    private static final class Window {
        private final Level level;
        private int count;
        private String last = "";

        private Window(Level level) {
            this.level = level;
        }
    }

    public CountedLog(Logger log) {
        this.log = log;
    }

    /// Says it, or counts it.
    ///
    /// @param kind from a small set
    /// @param line what is said of one
    public void warn(String kind, String line) {
        say(Level.WARN, kind, line);
    }

    /// The same of what is no trouble.
    public void info(String kind, String line) {
        say(Level.INFO, kind, line);
    }

    private void say(Level level, String kind, String line) {
        lock.lock();
        try {
            Window window = windows.get(kind);
            if (window != null) {
                window.count++;
                window.last = line;
                return;
            }
            windows.put(kind, new Window(level));
        } finally {
            lock.unlock();
        }
        log.atLevel(level).log("{}", line);
        Thread.ofVirtual().name("counted-log").start(() -> count(kind));
    }

    private void count(String kind) {
        try {
            do {
                Thread.sleep(WINDOW);
            } while (report(kind));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// @return whether there was one
    private boolean report(String kind) {
        Line line = next(kind);
        if (line != null) {
            log.atLevel(line.level()).log("{}", line.text());
        }
        return line != null;
    }

    private record Line(Level level, String text) {}

    private @Nullable Line next(String kind) {
        lock.lock();
        try {
            Window window = windows.get(kind);
            if (window == null || window.count == 0) {
                windows.remove(kind);
                return null;
            }
            String more = window.count == 1 ? "" : " (and " + (window.count - 1) + " more like it in the last second)";
            window.count = 0;
            return new Line(window.level, window.last + more);
        } finally {
            lock.unlock();
        }
    }

    /// Says what was counted and not said yet.
    @Override
    public void close() {
        List<String> kinds;
        lock.lock();
        try {
            kinds = List.copyOf(windows.keySet());
        } finally {
            lock.unlock();
        }
        for (String kind : kinds) {
            var _ = report(kind);
        }
    }
}
