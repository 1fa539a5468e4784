package tunnel.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;

/// The table of requests that must be refused.
public final class HostileRequests {
    private HostileRequests() {}

    /// One of them.
    ///
    /// @param status that it is to be refused with
    /// @param raw its bytes, with escapes
    public record Hostile(String name, int status, String raw) {
        /// As they are sent.
        public byte[] bytes(String host) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            write(raw, host, out);
            return out.toByteArray();
        }
    }

    public static List<Hostile> all() throws IOException {
        try (InputStream in = HostileRequests.class.getResourceAsStream("hostile-requests.txt")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), UTF_8)
                    .lines()
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .map(line -> line.split(" ", 3))
                    .map(parts -> new Hostile(parts[0], Integer.parseInt(parts[1]), parts[2]))
                    .toList();
        }
    }

    @SuppressWarnings("IncrementInForLoopAndHeader") // an escape has several characters
    private static void write(String raw, String host, ByteArrayOutputStream out) {
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c != '\\') {
                out.write(c);
                continue;
            }
            i++;
            switch (raw.charAt(i)) {
                case 'r' -> out.write('\r');
                case 'n' -> out.write('\n');
                case 't' -> out.write('\t');
                case '0' -> out.write(0);
                case '\\' -> out.write('\\');
                case 'H' -> out.writeBytes(host.getBytes(ISO_8859_1));
                case 'x' -> {
                    out.write(Integer.parseInt(raw.substring(i + 1, i + 3), 16));
                    i += 2;
                }
                case '{' -> {
                    int end = raw.indexOf('}', i);
                    int star = raw.lastIndexOf('*', end);
                    for (int times = Integer.parseInt(raw.substring(star + 1, end)); times > 0; times--) {
                        write(raw.substring(i + 1, star), host, out);
                    }
                    i = end;
                }
                default -> throw new IllegalArgumentException("an unknown escape in " + raw);
            }
        }
    }
}
