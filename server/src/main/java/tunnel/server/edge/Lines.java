package tunnel.server.edge;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/// Header lines that are always the same.
final class Lines {
    private Lines() {}

    /// The lines, each with its CR LF.
    static byte[] of(String... lines) {
        return (String.join("\r\n", lines) + "\r\n").getBytes(ISO_8859_1);
    }
}
