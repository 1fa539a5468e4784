package tunnel.server.access;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tunnel.home.PrivateFiles;
import tunnel.log.LineLog;

/// A line for each request. Never makes a request wait; what cannot be written fast enough is dropped and counted.
/// Thread-safe.
public final class AccessLog implements AutoCloseable {
    /// Writes nothing.
    public static final AccessLog OFF = new AccessLog(null);

    /// Where it goes and how it looks.
    ///
    /// @param file null for standard error
    public record Settings(boolean on, @Nullable Path file, Format format) {
        public static final Settings OFF = new Settings(false, null, Format.COMBINED);
        public static final Settings DEFAULT = new Settings(true, null, Format.COMBINED);

        /// For messages: `off`, `stderr` or the file, without the format. Written out because the command line's library asks for it in each
        /// start, where a record's own would be made at run time.
        @Override
        public String toString() {
            return on ? file == null ? "stderr" : file.toString() : "off";
        }
    }

    /// How a line looks.
    public enum Format {
        /// As Apache's and nginx's combined, with the time taken, the tunnel, the request's id and the bytes received behind it.
        COMBINED,
        /// An object a line.
        JSON;

        private Function<Entry, byte[]> lines() {
            return switch (this) {
                case COMBINED -> new CombinedLines()::line;
                case JSON -> new JsonLines()::line;
            };
        }
    }

    /// One request and what became of it. Texts may be empty where there is none, and anything that a visitor sent: they are
    /// escaped and cut when they are written.
    ///
    /// @param epochMillis when the request came in
    /// @param address the visitor's
    /// @param user who authenticated
    /// @param status 0 where no response was sent
    /// @param sent bytes to the visitor
    /// @param received bytes from the visitor
    /// @param micros until the response was sent
    /// @param tunnel its name
    public record Entry(
            long epochMillis,
            String address,
            String user,
            String method,
            String target,
            String version,
            int status,
            long sent,
            long received,
            String referer,
            String userAgent,
            long micros,
            String tunnel,
            String requestId) {}

    private final @Nullable LineLog<Entry> lines;

    private AccessLog(@Nullable LineLog<Entry> lines) {
        this.lines = lines;
    }

    /// Opens it for writing.
    ///
    /// @throws IOException with a sentence for the operator when its file cannot be written
    public static AccessLog open(Settings settings) throws IOException {
        if (!settings.on()) {
            return OFF;
        }
        String what = "the access log";
        Path file = settings.file();
        if (file == null) {
            return new AccessLog(LineLog.toStandardError(what, settings.format().lines()));
        }
        try {
            return new AccessLog(LineLog.toFile(what, file, settings.format().lines()));
        } catch (IOException e) {
            throw new IOException("cannot write the access log " + file + ": " + PrivateFiles.why(e)
                    + ". Choose another file with --access-log, or write --access-log off", e);
        }
    }

    /// Whether anything is written at all.
    public boolean isOn() {
        return lines != null;
    }

    /// Adds a line, in time. Never waits.
    public void write(Entry entry) {
        if (lines != null) {
            lines.write(entry);
        }
    }

    /// Writes what is still queued, within half a second. Closing again does nothing.
    @Override
    public void close() {
        if (lines != null) {
            lines.close();
        }
    }
}
