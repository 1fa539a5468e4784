package tunnel.server.lease;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tunnel.home.PrivateFiles;
import tunnel.protocol.Bytes;

/// The journal's file: lines are added at its end and forced to disk; from time to time, and after a failure, it is written
/// anew as a whole. Used by one thread at a time.
final class LeaseFile implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LeaseFile.class);
    /// Lines that may stand in the file beyond four for each lease: some 60 KiB that are read at a start.
    private static final int SPARE_LINES = 1000;

    private final Path file;
    private final Map<LeaseKey, Bytes> leases = new LinkedHashMap<>();
    private @Nullable FileChannel out; // null where the file has to be written anew first
    private int lines;

    private LeaseFile(Path file) {
        this.file = file;
    }

    /// Reads the file, if there is one, and sets aside what is damaged: the first line that is not whole, and all behind it.
    ///
    /// @throws IOException with a sentence for the operator
    static LeaseFile open(Path path) throws IOException {
        LeaseFile file = new LeaseFile(path);
        try {
            if (Files.exists(path)) {
                file.read(Files.readString(path, ISO_8859_1)); // whatever bytes are in it
            }
        } catch (IOException e) {
            throw new IOException("cannot use " + path + ": " + PrivateFiles.why(e)
                    + ". See whether the disk is full, and whose the file is", e);
        }
        return file;
    }

    private void read(String text) throws IOException {
        int start = 0;
        while (start < text.length()) {
            int end = text.indexOf('\n', start);
            LeaseLine line = end < 0 ? null : LeaseLine.parse(text.substring(start, end));
            if (line == null) {
                setAside(text.length() - start);
                return;
            }
            apply(line);
            lines++;
            start = end + 1;
        }
        reopen();
    }

    private void setAside(int rest) throws IOException {
        Path damaged = file.resolveSibling(file.getFileName() + ".damaged-" + System.currentTimeMillis());
        keep(damaged);
        log.warn("{} is damaged: its first {} lines are used, the {} bytes behind them are not. Names and ports that only they"
                        + " had are free for anybody. The file as it was is now {}",
                file, lines, rest, damaged);
        try {
            rewrite();
        } catch (IOException e) {
            log.warn("{} cannot be written anew yet: {}", file, PrivateFiles.why(e)); // the next line tries again
        }
    }

    /// A second name for the file, which {@link #rewrite} replaces by another: unlike a copy it fits on a full disk, where half a
    /// line is likeliest.
    private void keep(Path damaged) throws IOException {
        try {
            Files.createLink(damaged, file);
        } catch (UnsupportedOperationException | FileSystemException e) { // not all file systems have links
            Files.copy(file, damaged);
        }
    }

    private void apply(LeaseLine line) {
        if (line.token() == null) {
            leases.remove(line.key());
        } else {
            leases.put(line.key(), line.token());
        }
    }

    /// What is leased, to the id of the token whose it is.
    Map<LeaseKey, Bytes> leases() {
        return Map.copyOf(leases);
    }

    /// Adds lines, and returns when they are on disk. Where that fails they are kept, and go with the next ones.
    void add(List<LeaseLine> more) throws IOException {
        more.forEach(this::apply);
        FileChannel end = out;
        if (end == null || lines > SPARE_LINES + 4 * leases.size()) {
            rewrite();
            return;
        }
        try {
            StringBuilder text = new StringBuilder();
            more.forEach(line -> text.append(line.text()));
            ByteBuffer bytes = UTF_8.encode(text.toString());
            while (bytes.hasRemaining()) {
                end.write(bytes);
            }
            end.force(false);
            lines += more.size();
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            close(); // half a line may stand at its end
            rewrite();
        }
    }

    private void rewrite() throws IOException {
        close();
        StringBuilder text = new StringBuilder();
        leases.forEach((key, token) -> text.append(new LeaseLine(key, token).text()));
        PrivateFiles.write(file, text.toString());
        lines = leases.size();
        reopen();
    }

    private void reopen() throws IOException {
        out = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    }

    @Override
    public void close() throws IOException {
        FileChannel before = out;
        out = null;
        if (before != null) {
            before.close();
        }
    }
}
