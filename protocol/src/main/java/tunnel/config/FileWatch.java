package tunnel.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Looks at a file twice a second, and says when it has changed and then stood still from one look to the next: an editor that
/// empties a file and writes it anew is not to be met half-way. By looks, since the system's own news (inotify) do not come from
/// network file systems, and are about a folder where editors put a new file in the old one's place. A pipe, as of the shell's `<(…)`, is not
/// looked at: it was read to its end.
public final class FileWatch implements AutoCloseable {
    /// From a change to the news of it at most twice as long.
    private static final Duration INTERVAL = Duration.ofMillis(500);

    /// What tells one text of a file from another without reading it. Null attributes: it is not there.
    private record Look(@Nullable FileTime modified, long size, @Nullable Object key) {
        static Look at(Path file) {
            try {
                BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
                return new Look(now.lastModifiedTime(), now.size(), now.fileKey());
            } catch (IOException e) {
                return new Look(null, 0, null);
            }
        }
    }

    private final Path file;
    private final Runnable changed;
    private final Thread thread;

    /// Begins to look, on a thread of its own, which runs `changed` for the first time soon: the file may have changed since it was
    /// read.
    public FileWatch(Path file, Runnable changed) {
        this.file = file;
        this.changed = changed;
        this.thread = Thread.ofVirtual().name("config-watch").unstarted(this::run);
        thread.start();
    }

    private void run() {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            return;
        }
        Look told = null;
        Look last = Look.at(file);
        try {
            while (true) {
                Thread.sleep(INTERVAL);
                Look now = Look.at(file);
                if (now.equals(last) && !now.equals(told)) {
                    told = now;
                    changed.run();
                }
                last = now;
            }
        } catch (InterruptedException e) {
            // closed
        }
    }

    boolean isOver() {
        return !thread.isAlive();
    }

    /// Ends its thread, and does not wait for it: it may be the one that closes.
    @Override
    public void close() {
        thread.interrupt();
    }
}
