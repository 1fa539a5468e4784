package tunnel.programs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// `git http-backend` as a web server's CGI program (RFC 3875).
final class GitBridge implements AutoCloseable {
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;
    private final Tool git;
    private final Path repositories;

    GitBridge(Tool git, Path repositories) throws IOException {
        this.git = git;
        this.repositories = repositories;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    private void serve(HttpExchange exchange) throws IOException {
        ProcessBuilder builder = git.builder("http-backend").redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(Map.of(
                "GIT_PROJECT_ROOT", repositories.toString(),
                "GIT_HTTP_EXPORT_ALL", "1",
                "REMOTE_USER", "someone", // may push
                "REQUEST_METHOD", exchange.getRequestMethod(),
                "PATH_INFO", exchange.getRequestURI().getPath(),
                "QUERY_STRING", text(exchange.getRequestURI().getRawQuery()),
                "CONTENT_TYPE", text(exchange.getRequestHeaders().getFirst("Content-Type")),
                "HTTP_CONTENT_ENCODING", text(exchange.getRequestHeaders().getFirst("Content-Encoding")),
                "GIT_PROTOCOL", text(exchange.getRequestHeaders().getFirst("Git-Protocol"))));
        byte[] request = exchange.getRequestBody().readAllBytes();
        builder.environment().put("CONTENT_LENGTH", Integer.toString(request.length));
        Process process = builder.start();
        try (exchange) {
            try (OutputStream to = process.getOutputStream()) {
                to.write(request);
            }
            InputStream from = process.getInputStream();
            int status = 200;
            for (String line = line(from); !line.isEmpty(); line = line(from)) {
                String[] field = line.split(": ", 2);
                if (field[0].equals("Status")) {
                    status = Integer.parseInt(field[1].substring(0, 3));
                } else {
                    exchange.getResponseHeaders().add(field[0], field[1]);
                }
            }
            exchange.sendResponseHeaders(status, 0); // chunked
            from.transferTo(exchange.getResponseBody());
        } finally {
            process.destroyForcibly();
        }
    }

    private static String text(@org.jspecify.annotations.Nullable String value) {
        return value == null ? "" : value;
    }

    private static String line(InputStream from) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = from.read(); b >= 0 && b != '\n'; b = from.read()) {
            line.write(b);
        }
        return line.toString(ISO_8859_1).strip();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
