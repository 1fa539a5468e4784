package tunnel.browser;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import tunnel.e2e.HttpAnswer;
import tunnel.e2e.HttpOrigin;
import tunnel.e2e.Peer;

/// A local service, which answers byte for byte what a test wants: at `/echo` with what it was sent, at `/count` with
/// a number that counts up, at `/events` with what the test says as it says it, at `/socket` as a WebSocket that echoes.
final class SampleApp implements AutoCloseable {
    private final Map<String, byte[]> answers = new ConcurrentHashMap<>();
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final AtomicInteger count = new AtomicInteger();
    private final HttpOrigin app = HttpOrigin.answering(this::answer);

    SampleApp() throws IOException {}

    int port() {
        return app.port();
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

    private void answer(HttpOrigin.Request request, Peer to) throws IOException, InterruptedException {
        String path = request.target().replaceAll("[?].*", "");
        byte[] known = answers.get(path);
        if (known != null) {
            to.send(known);
            return;
        }
        switch (path) {
            case "/echo" -> to.send(HttpAnswer.ok("text/plain", request.head() + "\r\n" + request.body()));
            case "/count" -> to.send(HttpAnswer.ok("application/json", "{\"same\":true,\"count\":" + count.incrementAndGet() + "}"));
            case "/events" -> {
                to.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n");
                while (true) {
                    to.send("data: " + events.take() + "\n\n");
                }
            }
            case "/socket" -> Frames.echo(request.field("Sec-WebSocket-Key"), "", to);
            case "/hangs-up" -> throw new IOException("as asked for");
            default -> to.send(HttpAnswer.ok("text/plain", "here is " + path));
        }
    }

    @Override
    public void close() throws IOException {
        app.close();
    }
}
