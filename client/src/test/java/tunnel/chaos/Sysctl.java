package tunnel.chaos;

import java.io.IOException;
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
        this.before = Files.readString(file);
    }

    /// Whether there is one and this user may change it.
    static boolean isWritable(String name) {
        return Files.isWritable(file(name));
    }

    private static Path file(String name) {
        return Path.of("/proc/sys", name.split("\\."));
    }

    Sysctl set(String value) throws IOException {
        Files.writeString(file, value);
        return this;
    }

    @Override
    public void close() throws IOException {
        Files.writeString(file, before);
    }
}
