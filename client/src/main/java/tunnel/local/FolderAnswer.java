package tunnel.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What a folder answers to one request. By the request's own thread.
final class FolderAnswer {
    private static final String ALLOW = "GET, HEAD";

    private final FolderPaths paths;

    /// @param folder its real path
    FolderAnswer(Path folder) {
        this.paths = new FolderPaths(folder);
    }

    void to(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
        String method = exchange.getRequestMethod();
        if (!method.equals("GET") && !method.equals("HEAD")) {
            exchange.getResponseHeaders().set("Allow", ALLOW);
            text(exchange, 405, "This folder can only be read.\n");
            return;
        }
        Path path = paths.find(exchange.getRequestURI());
        if (path == null) {
            text(exchange, 404, "There is no such file here.\n");
        } else if (Files.isDirectory(path)) {
            folder(exchange, path);
        } else {
            FileAnswer.of(path).to(exchange);
        }
    }

    private void folder(HttpExchange exchange, Path path) throws IOException {
        if (!exchange.getRequestURI().getRawPath().endsWith("/")) {
            redirect(exchange);
            return;
        }
        Path index = paths.shown(path.resolve("index.html"));
        if (index != null && Files.isRegularFile(index)) {
            FileAnswer.of(index).to(exchange);
        } else {
            send(exchange, 200, "text/html; charset=utf-8", new FolderListing(paths, path).html());
        }
    }

    /// To the same path with a slash, or the links in its pages would lead elsewhere. {@link FolderPaths#find} has seen to
    /// it that the path begins with one slash only.
    private static void redirect(HttpExchange exchange) throws IOException {
        String query = exchange.getRequestURI().getRawQuery();
        String to = exchange.getRequestURI().getRawPath() + "/" + (query == null ? "" : "?" + query);
        exchange.getResponseHeaders().set("Location", to.replaceFirst("^/+", "/"));
        text(exchange, 301, "This is a folder: its address ends with a slash.\n");
    }

    /// For a connection that this program did not make.
    void refuse(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Connection", "close");
        text(exchange, 403, "This port is for tunnel-client alone.\n");
    }

    static void text(HttpExchange exchange, int status, String sentence) throws IOException {
        send(exchange, status, "text/plain; charset=utf-8", sentence);
    }

    private static void send(HttpExchange exchange, int status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", String.valueOf(bytes.length));
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
