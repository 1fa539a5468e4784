package tunnel.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tunnel.e2e.Link;
import tunnel.protocol.JoinString;

/// Join strings for other ways to a server.
final class Joins {
    private Joins() {}

    static JoinString read(Path file) throws IOException {
        return JoinString.parse(Files.readString(file));
    }

    static JoinString read(Path file, Link link) throws IOException {
        return link.join(read(file));
    }
}
