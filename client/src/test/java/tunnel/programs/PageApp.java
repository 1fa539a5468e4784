package tunnel.programs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;

/// A local service on raw sockets with a page that opens a WebSocket and an EventSource, posts something, and reports what
/// came of it.
final class PageApp implements AutoCloseable {
    private static final String MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; // RFC 6455, section 1.3
    private static final String PAGE = """
            <!DOCTYPE html><title>page</title><script>
            const socket = new Promise(done => {
              const opened = new WebSocket('ws://' + location.host + '/socket');
              opened.onopen = () => opened.send('hello');
              opened.onmessage = message => { done(message.data); opened.close(); };
            });
            const events = new Promise(done => {
              const source = new EventSource('/events');
              const seen = [];
              source.onmessage = event => {
                seen.push(event.data);
                if (seen.length === 3) { source.close(); done(seen.join(',')); }
              };
            });
            const posted = fetch('/post', { method: 'POST', body: 'four' }).then(answer => answer.text());
            Promise.all([socket, events, posted]).then(([a, b, c]) =>
              fetch('/report?socket=' + a.replace(' ', '+') + '&events=' + b + '&posted=' + c));
            </script>
            """;

    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final BlockingQueue<String> reports = new LinkedBlockingQueue<>();
    private final Thread acceptor = Thread.ofVirtual().start(this::accept);

    PageApp() throws IOException {}

    int port() {
        return socket.getLocalPort();
    }

    /// The targets by which pages have reported.
    BlockingQueue<String> reports() {
        return reports;
    }

    private void accept() {
        try {
            while (true) {
                Socket connection = socket.accept();
                connections.add(connection);
                Thread.ofVirtual().start(() -> serve(connection));
            }
        } catch (IOException closed) {
            // the end
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            InputStream in = new BufferedInputStream(connection.getInputStream());
            boolean more = true;
            while (more) {
                more = answer(head(in), in, connection.getOutputStream());
            }
        } catch (IOException e) {
            // the visitor has left
        } finally {
            connections.remove(connection);
        }
    }

    /// @return whether the connection carries another request
    private boolean answer(String head, InputStream in, OutputStream out) throws IOException {
        String target = head.split(" ", 3)[1];
        byte[] body = in.readNBytes(Integer.parseInt("0" + field(head, "Content-Length")));
        switch (target) {
            case "/" -> send(out, "text/html", PAGE);
            case "/post" -> send(out, "text/plain", "" + body.length);
            case "/events" -> {
                text(out, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n");
                for (String event : new String[] {"one", "two", "three"}) {
                    text(out, "data: " + event + "\n\n");
                }
                return in.read() >= 0; // until the page closes it
            }
            case "/socket" -> {
                echo(head, in, out);
                return false;
            }
            default -> {
                if (target.startsWith("/report?")) {
                    reports.add(target);
                }
                send(out, "text/plain", "");
            }
        }
        return true;
    }

    /// Answers one short message and the close behind it.
    private static void echo(String head, InputStream in, OutputStream out) throws IOException {
        text(out, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                + accept(field(head, "Sec-WebSocket-Key")) + "\r\n\r\n");
        String message = "echo " + message(in);
        text(out, "\u0081" + (char) message.length() + message);
        var _ = message(in);
        text(out, "\u0088\u0000");
    }

    private static String message(InputStream in) throws IOException {
        byte[] start = in.readNBytes(2);
        byte[] mask = in.readNBytes(4);
        byte[] payload = in.readNBytes(start[1] & 0x7F);
        for (int i = 0; i < payload.length; i++) {
            payload[i] ^= mask[i % 4];
        }
        return new String(payload, ISO_8859_1);
    }

    private static String accept(String key) {
        try {
            return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1").digest((key + MAGIC).getBytes(ISO_8859_1)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void send(OutputStream out, String type, String body) throws IOException {
        text(out, "HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
    }

    private static void text(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(ISO_8859_1));
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
            int b = in.read();
            if (b < 0) {
                throw new EOFException("no more requests");
            }
            head.write(b);
        }
        return head.toString(ISO_8859_1);
    }

    private static String field(String head, String name) {
        return head.lines()
                .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElse("");
    }

    @Override
    public void close() throws IOException {
        socket.close();
        for (Socket connection : connections) {
            connection.close();
        }
        try {
            acceptor.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
