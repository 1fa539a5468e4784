package tunnel.server.edge;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// What the edge has to know of the first request on a connection: enough to route it, to answer it and to log it. The bytes
/// themselves go on as they came.
///
/// @param host of the Host field, in any case, with its port if it has one; empty where HTTP/1.0 has none
/// @param wantsHtml whether the visitor is a browser rather than a program
record HttpHead(String method, String target, String host, boolean wantsHtml) {
    /// The head cannot be served; the status says why.
    static final class BadHead extends Exception {
        @java.io.Serial
        private static final long serialVersionUID = 1;

        private final int status;

        BadHead(int status, String message) {
            super(message);
            this.status = status;
        }

        int status() {
            return status;
        }
    }

    /// Where the head in `[from, bytes.position())` ends, just behind its empty line (RFC 9112, section 2.1), or -1. A caller
    /// that has looked before passes where it stopped, less 3.
    static int end(ByteBuffer bytes, int from) {
        for (int i = Math.max(0, from); i + 3 < bytes.position(); i++) {
            if (bytes.get(i) == '\r' && bytes.get(i + 1) == '\n' && bytes.get(i + 2) == '\r' && bytes.get(i + 3) == '\n') {
                return i + 4;
            }
        }
        return -1;
    }

    /// Reads a complete head, its empty line included.
    ///
    /// @throws BadHead when it is not one of HTTP/1.x with exactly one good Host field (RFC 9112, section 3.2), which
    ///     HTTP/1.0 may leave out
    static HttpHead parse(ByteBuffer bytes, int end) throws BadHead {
        byte[] copy = new byte[end];
        bytes.get(0, copy);
        String[] lines = new String(copy, ISO_8859_1).split("\r\n", -1);
        String[] request = lines[0].split(" ", -1);
        if (request.length != 3 || request[0].isEmpty() || request[1].isEmpty()) {
            throw new BadHead(400, "the request line is not METHOD TARGET VERSION");
        }
        if (!request[2].startsWith("HTTP/1.")) {
            throw new BadHead(request[2].startsWith("HTTP/") ? 505 : 400, "only HTTP/1.1 is spoken here");
        }
        String host = null;
        boolean html = false;
        for (int i = 1; i < lines.length && !lines[i].isEmpty(); i++) {
            int colon = lines[i].indexOf(':');
            if (colon <= 0 || lines[i].charAt(colon - 1) <= ' ' || lines[i].charAt(0) <= ' ') {
                throw new BadHead(400, "a header field is malformed");
            }
            String name = lines[i].substring(0, colon);
            String value = lines[i].substring(colon + 1).strip();
            if (name.equalsIgnoreCase("host")) {
                host = checkedHost(host, value);
            } else if (name.equalsIgnoreCase("accept")) {
                html |= value.contains("text/html");
            }
        }
        if (host == null && !request[2].equals("HTTP/1.0")) {
            throw new BadHead(400, "the Host field is missing");
        }
        return new HttpHead(request[0], request[1], host == null ? "" : host, html);
    }

    private static String checkedHost(@Nullable String before, String value) throws BadHead {
        if (before != null) {
            throw new BadHead(400, "the Host field is repeated");
        }
        if (!value.matches("[A-Za-z0-9._-]+(:[0-9]*)?|\\[[0-9A-Fa-f:.]+](:[0-9]*)?")) {
            throw new BadHead(400, "the Host field is not a host");
        }
        return value;
    }
}
