package tunnel.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// A local service that keeps its connections, reads each request whole, and lets the test answer it.
public final class HttpOrigin implements AutoCloseable {
    /// Answers one request. A connection is closed when this throws an `IOException`.
    @FunctionalInterface
    public interface Answers {
        void answer(Request request, Peer to) throws Exception;
    }

    /// A request as it came.
    ///
    /// @param connection the first is 1
    /// @param body without chunk frames
    public record Request(int connection, String head, String body, String trailers) {
        String method() {
            return head.substring(0, head.indexOf(' '));
        }

        public String target() {
            return head.split(" ", 3)[1];
        }

        /// The values of a field, joined by a comma; `(none)` where there is none.
        public String field(String name) {
            return HttpOrigin.field(head, name);
        }
    }

    /// How a connection has ended: in order, or broken.
    enum End {
        CLOSED,
        BROKEN
    }

    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger open = new AtomicInteger();
    private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
    private final BlockingQueue<End> ends = new LinkedBlockingQueue<>();
    private final Origin origin;

    private HttpOrigin(Answers answers) throws IOException {
        origin = Origin.serving(connection -> serve(connection, answers));
    }

    public static HttpOrigin answering(Answers answers) throws IOException {
        return new HttpOrigin(answers);
    }

    /// Says its connection's number and the request's target, to everything.
    static HttpOrigin naming() throws IOException {
        return answering((request, to) -> to.send(HttpAnswer.ok(request.connection() + " " + request.target())));
    }

    private void serve(Peer connection, Answers answers) throws Exception {
        int number = connections.incrementAndGet();
        open.incrementAndGet();
        try {
            while (true) {
                Request request = read(number, connection);
                requests.add(request);
                answers.answer(request, connection);
            }
        } catch (EOFException e) {
            ends.add("ended inside a line: ".equals(e.getMessage()) ? End.CLOSED : End.BROKEN);
        } catch (SocketException e) {
            ends.add(End.BROKEN);
        } finally {
            open.decrementAndGet();
        }
    }

    private static Request read(int connection, Peer from) throws IOException {
        String head = from.head();
        try {
            return read(connection, head, from);
        } catch (EOFException e) {
            throw new SocketException("ended inside a body");
        }
    }

    private static Request read(int connection, String head, Peer from) throws IOException {
        if ("chunked".equals(field(head, "transfer-encoding"))) {
            Chunks chunks = Chunks.read(from);
            return new Request(connection, head, chunks.data(), chunks.trailers());
        }
        return new Request(connection, head, new String(from.read(HttpAnswer.length(head)), ISO_8859_1), "");
    }

    /// The values of a field, joined by a comma; `(none)` where there is none.
    static String field(String head, String name) {
        return head.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .reduce((one, other) -> one + "," + other)
                .orElse("(none)");
    }

    public int port() {
        return origin.port();
    }

    /// How many there were.
    int connections() {
        return connections.get();
    }

    /// Waits for the next request.
    Request next() throws InterruptedException {
        Request request = requests.poll(World.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(request).as("a request came").isNotNull();
        return request;
    }

    /// The requests that nobody has asked for yet.
    int unread() {
        return requests.size();
    }

    /// Waits for a connection to end that was waiting for, or inside, a request.
    End nextEnd() throws InterruptedException {
        End end = ends.poll(World.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(end).as("a connection ended").isNotNull();
        return end;
    }

    /// Waits until so many connections are open.
    void awaitOpen(int count) {
        await().atMost(World.PATIENCE).until(() -> open.get() == count);
    }

    @Override
    public void close() throws IOException {
        origin.close();
    }
}
