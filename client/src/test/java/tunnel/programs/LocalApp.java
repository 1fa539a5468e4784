package tunnel.programs;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// A web app on loopback. It answers with what was asked for; `/slow` sends the first half of the answer, and the
/// second one when the app is told to finish, or not at all.
final class LocalApp implements AutoCloseable {
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch finishing = new CountDownLatch(1);
    private volatile boolean closing;
    private final HttpServer server;

    LocalApp() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", LocalApp::answer);
        server.createContext("/slow", this::answerSlowly);
        server.start();
    }

    private static void answer(HttpExchange exchange) throws IOException {
        byte[] body = ("the app saw " + exchange.getRequestURI() + "\n").getBytes(UTF_8);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private void answerSlowly(HttpExchange exchange) throws IOException {
        byte[] half = "the first half\n".getBytes(UTF_8);
        byte[] other = "the second half\n".getBytes(UTF_8);
        exchange.sendResponseHeaders(200, half.length + other.length);
        exchange.getResponseBody().write(half);
        exchange.getResponseBody().flush();
        try {
            finishing.await();
            if (!closing) {
                exchange.getResponseBody().write(other);
                exchange.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Sends what it has held back.
    void finish() {
        finishing.countDown();
    }

    int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        closing = true;
        finishing.countDown();
        server.stop(0);
        threads.close();
    }
}
