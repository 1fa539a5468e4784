package tunnel.browser;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/// A local service on raw sockets, which answers byte for byte what a test wants: at `/echo` with what it was sent, at `/count` with
/// a number that counts up, at `/events` with what the test says as it says it, at `/socket` as a WebSocket that echoes.
final class SampleApp implements AutoCloseable {
    private final ServerSocket socket = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final Map<String, byte[]> answers = new ConcurrentHashMap<>();
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final AtomicInteger count = new AtomicInteger();
    private final Thread acceptor = Thread.ofVirtual().start(this::accept);

    SampleApp() throws IOException {}

    int port() {
        return socket.getLocalPort();
    }

    /// Answers a path, whatever its query, with these fields and this body. `Content-Length` is added.
    SampleApp answers(String path, int status, String fields, byte[] body) {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        String head = "HTTP/1.1 " + status + " Said\r\n" + fields.replace("\n", "\r\n") + "\r\nContent-Length: " + body.length + "\r\n\r\n";
        answer.writeBytes(head.getBytes(UTF_8));
        answer.writeBytes(body);
        answers.put(path, answer.toByteArray());
        return this;
    }

    SampleApp answers(String path, int status, String type, String body) {
        return answers(path, status, "Content-Type: " + type, body.getBytes(UTF_8));
    }

    /// Sends this at `/events`.
    void event(String data) {
        events.add(data);
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
            for (String head = head(in); !head.isEmpty(); head = head(in)) {
                answer(head, in, connection.getOutputStream());
            }
        } catch (IOException e) {
            // the visitor has left
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            connections.remove(connection);
        }
    }

    private void answer(String head, InputStream in, OutputStream out) throws IOException, InterruptedException {
        String path = head.split(" ", 3)[1].replaceAll("[?].*", "");
        byte[] body = in.readNBytes(Integer.parseInt("0" + field(head, "Content-Length")));
        byte[] known = answers.get(path);
        if (known != null) {
            out.write(known);
            return;
        }
        switch (path) {
            case "/echo" -> send(out, "text/plain", head + new String(body, ISO_8859_1));
            case "/count" -> send(out, "application/json", "{\"same\":true,\"count\":" + count.incrementAndGet() + "}");
            case "/events" -> {
                text(out, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n");
                while (true) {
                    text(out, "data: " + events.take() + "\n\n");
                }
            }
            case "/socket" -> Frames.echo(field(head, "Sec-WebSocket-Key"), in, out);
            case "/hangs-up" -> throw new IOException("as asked for");
            default -> send(out, "text/plain", "here is " + path);
        }
    }

    private static void send(OutputStream out, String type, String body) throws IOException {
        text(out, "HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
    }

    static void text(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(ISO_8859_1));
    }

    /// Empty at the end of the connection.
    static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        for (int b = in.read(); b >= 0; b = in.read()) {
            head.append((char) b);
            if (b == '\n' && head.indexOf("\r\n\r\n", Math.max(0, head.length() - 4)) >= 0) {
                return head.toString();
            }
        }
        return "";
    }

    static String field(String head, String name) {
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
