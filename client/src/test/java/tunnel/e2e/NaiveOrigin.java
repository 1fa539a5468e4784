package tunnel.e2e;

import java.io.EOFException;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;

/// A local service as careless as some are: a line may end in LF alone, and the first field that could frame the body does.
/// What is smuggled past the edge becomes a request here, and is noted.
final class NaiveOrigin implements AutoCloseable {
    private final List<String> heads = new CopyOnWriteArrayList<>();
    private final Origin origin = Origin.serving(this::serve);

    NaiveOrigin() throws IOException {}

    int port() {
        return origin.port();
    }

    /// The heads of all requests, as they came.
    List<String> heads() {
        return List.copyOf(heads);
    }

    /// The values of a field in all requests that came.
    List<String> values(String lowerName) {
        return heads.stream()
                .flatMap(String::lines)
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(lowerName + ":"))
                .map(line -> line.substring(lowerName.length() + 1).strip())
                .toList();
    }

    private void serve(Peer visitor) throws IOException {
        while (true) {
            String head = visitor.head();
            heads.add(head);
            String host = "";
            for (String line : head.split("\r\n", -1)) {
                String lower = line.toLowerCase(Locale.ROOT);
                if (lower.startsWith("host:")) {
                    host = line.substring(5).strip();
                }
            }
            readBody(visitor, head);
            visitor.send(HttpAnswer.ok(host + " " + head.lines().findFirst().orElse("")));
        }
    }

    private static void readBody(Peer visitor, String head) throws IOException {
        for (String line : head.toLowerCase(Locale.ROOT).split("\r\n", -1)) {
            if (line.startsWith("content-length")) {
                visitor.read(Integer.parseInt(line.replaceAll("[^0-9]", "")));
                return;
            }
            if (line.startsWith("transfer-encoding")) {
                readChunks(visitor);
                return;
            }
        }
    }

    private static void readChunks(Peer visitor) throws IOException {
        int size = -1;
        while (size != 0) {
            String digits = visitor.line().replaceAll(";.*", "").strip();
            if (digits.isEmpty()) {
                throw new EOFException("no size");
            }
            size = Integer.parseInt(digits, 16);
            visitor.read(size);
            visitor.line();
        }
    }

    @Override
    public void close() throws IOException {
        origin.close();
    }
}
