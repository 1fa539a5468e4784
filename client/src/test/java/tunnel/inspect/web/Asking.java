package tunnel.inspect.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tunnel.inspect.json.Json;

/// Asks the inspector, with every octet of the request the test's own.
record Asking(int port, String token) {
    /// An answer, its chunks joined.
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record Answered(int status, String head, byte[] body) {
        String text() {
            return new String(body, UTF_8);
        }

        Object json() throws IOException {
            return Objects.requireNonNull(Json.read(body));
        }

        @SuppressWarnings("unchecked")
        Map<String, Object> object() throws IOException {
            return (Map<String, Object>) json();
        }

        @SuppressWarnings("unchecked")
        List<Map<String, Object>> list(String name) throws IOException {
            return (List<Map<String, Object>>) Objects.requireNonNull(object().get(name));
        }
    }

    /// @param fields each ended by CR LF; Host is the caller's
    Answered raw(String line, String fields, String body) throws IOException {
        try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
            socket.setSoTimeout(20_000);
            String length = body.isEmpty() ? "" : "Content-Length: " + body.getBytes(UTF_8).length + "\r\n";
            socket.getOutputStream()
                    .write((line + " HTTP/1.1\r\n" + fields + length + "Connection: close\r\n\r\n" + body).getBytes(UTF_8));
            return read(socket.getInputStream().readAllBytes());
        }
    }

    /// As a program would.
    Answered get(String path) throws IOException {
        return raw("GET " + path, host() + bearer(), "");
    }

    Answered post(String path, String body) throws IOException {
        return raw("POST " + path, host() + bearer(), body);
    }

    String host() {
        return "Host: localhost:" + port + "\r\n";
    }

    String bearer() {
        return "Authorization: Bearer " + token + "\r\n";
    }

    String cookie() {
        return "Cookie: other=1; tunnel_inspector_" + port + "=" + token + "\r\n";
    }

    String origin() {
        return "Origin: http://localhost:" + port + "\r\n";
    }

    private static Answered read(byte[] all) {
        String text = new String(all, ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        String head = text.substring(0, end + 2);
        byte[] body = text.substring(end + 4).getBytes(ISO_8859_1);
        boolean chunked = head.toLowerCase(java.util.Locale.ROOT).contains("\r\ntransfer-encoding: chunked\r\n");
        return new Answered(Integer.parseInt(text.substring(9, 12)), head, chunked ? joined(text.substring(end + 4)) : body);
    }

    private static byte[] joined(String chunks) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int at = 0;
        while (true) {
            int line = chunks.indexOf("\r\n", at);
            int size = Integer.parseInt(chunks.substring(at, line), 16);
            if (size == 0) {
                return out.toByteArray();
            }
            out.writeBytes(chunks.substring(line + 2, line + 2 + size).getBytes(ISO_8859_1));
            at = line + 2 + size + 2;
        }
    }
}
