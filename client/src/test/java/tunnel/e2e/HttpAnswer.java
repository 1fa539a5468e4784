package tunnel.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.Locale;

/// An answer of HTTP as it came over a raw connection.
///
/// @param head the status line and the fields, in lower case
/// @param body a character for each byte
public record HttpAnswer(int status, String head, String body) {
    /// A request without a body.
    public static String get(String host, String target) {
        return "GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
    }

    /// The head of a request with a body of `length`.
    static String post(String host, String target, long length) {
        return "POST " + target + " HTTP/1.1\r\nHost: " + host + "\r\nContent-Length: " + length + "\r\n\r\n";
    }

    /// What a local service answers.
    static byte[] ok(byte[] body) {
        return ok("", body);
    }

    /// The same with a `Content-Type`.
    public static byte[] ok(String type, String body) {
        return ok("Content-Type: " + type + "\r\n", body.getBytes(UTF_8));
    }

    private static byte[] ok(String fields, byte[] body) {
        byte[] head = ("HTTP/1.1 200 OK\r\n" + fields + "Content-Length: " + body.length + "\r\n\r\n").getBytes(ISO_8859_1);
        byte[] all = new byte[head.length + body.length];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(body, 0, all, head.length, body.length);
        return all;
    }

    static byte[] ok(String body) {
        return ok(body.getBytes(UTF_8));
    }

    /// Reads one that has a `Content-Length`, or comes in chunks.
    public static HttpAnswer read(Peer visitor) throws IOException {
        return read(visitor, true);
    }

    /// Reads one; that of `HEAD` has no body.
    static HttpAnswer read(Peer visitor, boolean body) throws IOException {
        String head = visitor.head().toLowerCase(Locale.ROOT);
        if (body && head.contains("\r\ntransfer-encoding: chunked\r\n")) {
            return new HttpAnswer(Integer.parseInt(head.substring(9, 12)), head, Chunks.read(visitor).data());
        }
        int length = body ? length(head) : 0;
        return new HttpAnswer(Integer.parseInt(head.substring(9, 12)), head, new String(visitor.read(length), ISO_8859_1));
    }

    /// The `Content-Length` of a head.
    static int length(String head) {
        return head.toLowerCase(Locale.ROOT)
                .lines()
                .filter(line -> line.startsWith("content-length: "))
                .mapToInt(line -> Integer.parseInt(line.substring("content-length: ".length())))
                .findFirst()
                .orElse(0);
    }

    byte[] bytes() {
        return body.getBytes(ISO_8859_1);
    }

    String text() {
        return new String(bytes(), UTF_8);
    }
}
