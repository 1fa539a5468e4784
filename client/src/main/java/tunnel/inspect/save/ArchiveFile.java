package tunnel.inspect.save;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import tunnel.home.PrivateFiles;
import tunnel.inspect.json.Har;
import tunnel.inspect.json.Json;
import tunnel.inspect.store.Detail;

/// An HTTP Archive that grows: behind the last entry stands what makes it whole, and each further one is written over that, with it
/// behind. So the file can be read at any time, whatever ends the client. One thread at a time.
final class ArchiveFile implements AutoCloseable {
    private static final FileAttribute<?> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final byte[] END = "\n]}}\n".getBytes(UTF_8);

    private final FileChannel file;
    private long end; // of the entries
    private boolean empty = true;

    private ArchiveFile(FileChannel file) {
        this.file = file;
    }

    /// Makes it, readable by its owner alone, in the place of a file that is there.
    ///
    /// @throws IOException with a sentence for the user
    static ArchiveFile create(Path path, String version) throws IOException {
        try {
            if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && !Files.isRegularFile(path)) {
                throw new IOException("it is no file");
            }
            Files.deleteIfExists(path);
            ArchiveFile archive = new ArchiveFile(FileChannel.open(
                    path, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), PRIVATE));
            archive.begin(version);
            return archive;
        } catch (IOException e) {
            throw new IOException(
                    "cannot write " + path + ": " + PrivateFiles.why(e) + ". Choose another file with --inspect-save", e);
        }
    }

    private void begin(String version) throws IOException {
        String whole = Json.text(json -> {
            Har.begin(json, version);
            Har.end(json);
        });
        byte[] begin = whole.substring(0, whole.lastIndexOf(']')).getBytes(UTF_8);
        write(begin);
    }

    /// Adds an entry. Where that fails the file is as it was before, if the disk allows it.
    void add(Detail detail) throws IOException {
        byte[] entry = Json.bytes(json -> Har.entry(json, detail));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(entry.length + 2);
        bytes.writeBytes((empty ? "\n" : ",\n").getBytes(UTF_8));
        bytes.writeBytes(entry);
        long before = end;
        try {
            write(bytes.toByteArray());
        } catch (IOException e) {
            end = before;
            write(new byte[0]);
            throw e;
        }
        empty = false;
    }

    private void write(byte[] more) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(more.length + END.length).put(more).put(END).flip();
        long at = end;
        while (bytes.hasRemaining()) {
            at += file.write(bytes, at);
        }
        file.truncate(at);
        end += more.length;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
