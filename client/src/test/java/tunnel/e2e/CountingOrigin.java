package tunnel.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import tunnel.fixture.OwnPorts;

/// A local service that counts how often it was asked for each path.
final class CountingOrigin implements AutoCloseable {
    private final HttpServer http;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Integer> executions = new ConcurrentHashMap<>();

    /// At a port that another one can have when this is closed.
    CountingOrigin() throws IOException {
        this(OwnPorts.take());
    }

    CountingOrigin(int port) throws IOException {
        http = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), 500);
        http.setExecutor(threads);
        http.createContext("/", this::answer);
        http.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        executions.merge(path, 1, Integer::sum);
        byte[] body = ("hello " + path).getBytes(UTF_8);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    int port() {
        return http.getAddress().getPort();
    }

    /// How often a path was asked for.
    int executions(String path) {
        return executions.getOrDefault(path, 0);
    }

    @Override
    public void close() {
        http.stop(0);
        threads.close();
    }
}
