package tunnel.screen;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/// The last lines of the log. Thread-safe.
final class Messages {
    private static final int MOST = 20;

    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Deque<Message> last = new ArrayDeque<>();

    void add(Message message) {
        lock.lock();
        try {
            last.add(message);
            if (last.size() > MOST) {
                last.removeFirst();
            }
        } finally {
            lock.unlock();
        }
    }

    /// The latest last.
    List<Message> all() {
        lock.lock();
        try {
            return List.copyOf(last);
        } finally {
            lock.unlock();
        }
    }
}
