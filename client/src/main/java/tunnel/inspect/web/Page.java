package tunnel.inspect.web;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.regex.Pattern;

/// The inspector's page: files on the class path, nothing else.
final class Page {
    private static final String FOLDER = "/tunnel/inspect/";
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]*\\.(css|js|svg)");
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml");

    private Page() {}

    static void to(HttpExchange exchange, String path) throws IOException {
        String name = path.equals("/") ? "index.html" : path.substring(1);
        if (!path.equals("/") && !NAME.matcher(name).matches()) {
            Answer.error(exchange, 404, "There is no such page.");
            return;
        }
        try (InputStream file = Page.class.getResourceAsStream(FOLDER + name)) {
            if (file == null) {
                Answer.error(exchange, 404, "There is no such page.");
            } else {
                String type = TYPES.getOrDefault(name.substring(name.lastIndexOf('.') + 1), "");
                Answer.bytes(exchange, 200, type, file.readAllBytes());
            }
        }
    }

    /// For whoever comes without the token.
    static void locked(HttpExchange exchange) throws IOException {
        Answer.html(exchange, 401, """
                <!doctype html>
                <html lang="en">
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width">
                <title>tunnel inspector</title>
                <h1>This needs the printed address</h1>
                <p>tunnel-client prints the inspector's address with a token at its end, as in
                <code>http://localhost:%d/?token=…</code>. Open that one; it is another after each start.</p>
                </html>
                """.formatted(exchange.getLocalAddress().getPort()));
    }
}
