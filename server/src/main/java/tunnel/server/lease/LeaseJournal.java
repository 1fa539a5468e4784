package tunnel.server.lease;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tunnel.home.PrivateFiles;
import tunnel.protocol.Bytes;

/// Leases on disk. A change is noted at once, by whoever holds the lock under which it was made, so that the file has them in
/// their order; a thread of the journal's own writes them, all that wait by one force to disk; who has to be sure waits for
/// that without holding anything. Thread-safe.
public final class LeaseJournal implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LeaseJournal.class);
    /// For a disk to take a line. A slower one is as good as full: the client hears no, and may ask again.
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final long NEVER = Long.MAX_VALUE;

    private final LeaseFile file;
    private final Map<LeaseKey, Bytes> before;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    @GuardedBy("lock")
    private List<LeaseLine> noted = new ArrayList<>();

    @GuardedBy("lock")
    private long lastNoted;

    @GuardedBy("lock")
    private long lastTried;

    @GuardedBy("lock")
    private long lastWritten;

    @GuardedBy("lock")
    private @Nullable IOException failure; // of the last try

    @GuardedBy("lock")
    private boolean closed;

    private final Thread writer = Thread.ofVirtual().name("leases").unstarted(this::run);

    private LeaseJournal(LeaseFile file) {
        this.file = file;
        this.before = file.leases();
    }

    /// Reads the file, sets aside what is damaged in it, and begins to write.
    ///
    /// @throws IOException with a sentence for the operator
    public static LeaseJournal open(Path file) throws IOException {
        LeaseJournal journal = new LeaseJournal(LeaseFile.open(file));
        journal.writer.start();
        return journal;
    }

    /// What was leased when it was opened, to the id of the token whose it is.
    public Map<LeaseKey, Bytes> leasesBefore() {
        return before;
    }

    /// Notes that a token may have it. Never blocks.
    ///
    /// @return the change's number, for {@link #awaitWritten}
    public long hold(LeaseKey key, Bytes token) {
        return note(new LeaseLine(key, token));
    }

    /// Notes that nobody has a right to it any more. Never blocks.
    public void free(LeaseKey key) {
        var _ = note(new LeaseLine(key, null));
    }

    private long note(LeaseLine line) {
        lock.lock();
        try {
            if (closed) {
                return NEVER;
            }
            noted.add(line);
            lastNoted++;
            changed.signalAll();
            return lastNoted;
        } finally {
            lock.unlock();
        }
    }

    /// Waits until all changes up to that number are on disk, for at most 5 s.
    ///
    /// @throws IOException with a few words why they are not
    public void awaitWritten(long number) throws IOException {
        lock.lock();
        try {
            if (number == NEVER) {
                throw new IOException("it stops");
            }
            long left = PATIENCE.toNanos();
            while (lastTried < number && left > 0) {
                left = changed.awaitNanos(left);
            }
            if (lastWritten < number) {
                throw new IOException(failure == null || lastTried < number
                        ? "the disk takes nothing"
                        : PrivateFiles.why(failure));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } finally {
            lock.unlock();
        }
    }

    /// Whether it was closed, so that nothing is saved any more.
    public boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            while (true) {
                List<LeaseLine> batch = take();
                if (batch.isEmpty()) {
                    break;
                }
                written(batch.size(), write(batch));
            }
            file.close();
        } catch (IOException e) {
            log.warn("closing the leases failed: {}", PrivateFiles.why(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// All that wait, or nothing once it is closed.
    private List<LeaseLine> take() throws InterruptedException {
        lock.lock();
        try {
            while (noted.isEmpty() && !closed) {
                changed.await();
            }
            List<LeaseLine> batch = noted;
            noted = new ArrayList<>();
            return batch;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable IOException write(List<LeaseLine> batch) {
        try {
            file.add(batch);
            return null;
        } catch (IOException e) {
            return e;
        } catch (RuntimeException | OutOfMemoryError e) { // leases can be saved again when it is over
            log.error("writing the leases failed", e);
            return new IOException("a fault of the server", e);
        }
    }

    private void written(int changes, @Nullable IOException problem) {
        lock.lock();
        try {
            if (problem != null && failure == null) {
                log.error("leases cannot be saved: {}. Tunnels that there are go on, new ones are refused until they can",
                        PrivateFiles.why(problem));
            } else if (problem == null && failure != null) {
                log.info("leases can be saved again");
            }
            failure = problem;
            lastTried += changes;
            if (problem == null) {
                lastWritten = lastTried; // the file has all that was noted before too, see LeaseFile.add
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Writes what was noted so far and closes the file, within 5 s; what is noted after this is dropped.
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            if (!writer.join(PATIENCE)) {
                log.warn("the disk takes nothing: the last changes of leases are lost");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
