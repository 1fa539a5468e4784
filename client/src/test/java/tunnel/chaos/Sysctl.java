package tunnel.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// A setting of this machine's kernel, as it was again at the end. Needs root.
final class Sysctl implements AutoCloseable {
    private final Path file;
    private final String before;

    /// Reads it.
    ///
    /// @param name as `net.ipv4.tcp_migrate_req`
    Sysctl(String name) throws IOException {
        this.file = file(name);
        this.before = read();
    }

    /// By one call: such a file has nothing to say to the second one, and Java's own readers begin with a single byte.
    private String read() throws IOException {
        try (InputStream in = new FileInputStream(file.toFile())) {
            byte[] text = new byte[4096];
            return new String(text, 0, in.read(text), UTF_8).strip();
        }
    }

    /// Whether there is one and this user may change it.
    static boolean isWritable(String name) {
        return Files.isWritable(file(name));
    }

    private static Path file(String name) {
        return Path.of("/proc/sys", name.split("\\."));
    }

    /// @throws IOException also where it is another one then
    Sysctl set(String value) throws IOException {
        Files.writeString(file, value);
        if (!read().equals(value)) {
            throw new IOException(file + " is " + read() + ", not " + value);
        }
        return this;
    }

    @Override
    public void close() throws IOException {
        set(before);
    }
}
