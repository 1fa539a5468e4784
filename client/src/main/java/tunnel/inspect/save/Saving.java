package tunnel.inspect.save;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tunnel.inspect.store.Detail;
import tunnel.inspect.store.Recorded;
import tunnel.inspect.json.Har;

/// Keeps all exchanges in a file, as they end. A thread of its own writes, so that a slow disk stops nothing: what has no room in
/// its queue is left out, and counted.
public final class Saving implements Consumer<Recorded>, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Saving.class);
    private static final long MOST_WAITING = 16 << 20; // bytes, about
    private static final Duration LAST = Duration.ofSeconds(1);
    private static final long LOOK_MILLIS = 500;

    private final Path path;
    private final ArchiveFile file;
    private final LinkedBlockingQueue<Recorded> waiting = new LinkedBlockingQueue<>();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong leftOut = new AtomicLong();
    private final Thread thread;
    private volatile boolean closed;
    private volatile boolean hurried; // what is waiting stays away
    private volatile boolean broken;

    private Saving(Path path, ArchiveFile file) {
        this.path = path;
        this.file = file;
        this.thread = Thread.ofPlatform().daemon().name("inspect-save").unstarted(this::run);
    }

    /// Makes the file.
    ///
    /// @throws IOException with a sentence for the user
    public static Saving to(Path path, String version) throws IOException {
        Saving saving = new Saving(path, ArchiveFile.create(path, version));
        saving.thread.start();
        return saving;
    }

    @Override
    public void accept(Recorded recorded) {
        if (broken) {
            return;
        }
        int size = recorded.size();
        if (bytes.addAndGet(size) > MOST_WAITING) {
            bytes.addAndGet(-size);
            if (leftOut.getAndIncrement() == 0) {
                log.warn("{} has not all exchanges: they come faster than they can be written", path);
            }
            return;
        }
        waiting.add(recorded);
    }

    private void run() {
        try (file) {
            while (!closed || (!waiting.isEmpty() && !hurried)) {
                Recorded next = waiting.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                if (next != null) {
                    bytes.addAndGet(-next.size());
                    save(next.detail());
                }
            }
        } catch (IOException e) {
            broken = true;
            waiting.clear();
            log.warn("cannot write {}: {}. Nothing more is saved", path, e.getMessage());
        } catch (InterruptedException e) {
            // nobody does that; the file is whole after each entry
        }
        if (leftOut.get() > 0) {
            log.warn("{} exchanges are not in {}", leftOut, path);
        }
    }

    private void save(Detail detail) throws IOException {
        if (Har.isHttp(detail)) {
            file.add(detail);
        }
    }

    /// Writes what is waiting, for a second at the most, and gives the entry that is being written then another one: to interrupt
    /// it would leave half of it in the file. Closing again does nothing.
    @Override
    public void close() {
        closed = true;
        try {
            if (!thread.join(LAST)) {
                hurried = true;
                var _ = thread.join(LAST);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
