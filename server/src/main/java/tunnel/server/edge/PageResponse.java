package tunnel.server.edge;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.Map;

/// Writes an {@link ErrorPage} as a response, in each {@link PageFormat}.
final class PageResponse {
    private static final Map<Integer, String> REASONS = Map.ofEntries(
            Map.entry(200, "OK"),
            Map.entry(400, "Bad Request"),
            Map.entry(401, "Unauthorized"),
            Map.entry(403, "Forbidden"),
            Map.entry(404, "Not Found"),
            Map.entry(405, "Method Not Allowed"),
            Map.entry(408, "Request Timeout"),
            Map.entry(413, "Content Too Large"),
            Map.entry(414, "URI Too Long"),
            Map.entry(417, "Expectation Failed"),
            Map.entry(429, "Too Many Requests"),
            Map.entry(431, "Request Header Fields Too Large"),
            Map.entry(501, "Not Implemented"),
            Map.entry(502, "Bad Gateway"),
            Map.entry(503, "Service Unavailable"),
            Map.entry(504, "Gateway Timeout"),
            Map.entry(505, "HTTP Version Not Supported"),
            Map.entry(508, "Loop Detected"));

    private static final HttpDate DATE = new HttpDate(Clock.systemUTC());

    private PageResponse() {}

    static byte[] body(ErrorPage page, PageFormat format, String requestId) {
        return (switch (format) {
                    case HTML -> html(page, reason(page), requestId);
                    case JSON -> json(page, requestId);
                    case TEXT -> text(page, requestId);
                })
                .getBytes(UTF_8);
    }

    private static String reason(ErrorPage page) {
        return REASONS.getOrDefault(page.status(), "Error");
    }

    static ByteBuffer of(ErrorPage page, PageFormat format, byte[] body, boolean withBody) {
        byte[] head = ("HTTP/1.1 " + page.status() + " " + reason(page) + "\r\n"
                        + "Date: " + DATE.now() + "\r\n"
                        + "Content-Type: " + format.contentType() + "\r\n"
                        + "Content-Length: " + body.length + "\r\n"
                        + page.fields()
                        + "Cache-Control: no-store\r\n"
                        + "X-Content-Type-Options: nosniff\r\n"
                        + "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'\r\n"
                        + "Connection: close\r\n\r\n")
                .getBytes(UTF_8);
        ByteBuffer all = ByteBuffer.allocate(head.length + body.length).put(head);
        if (withBody) {
            all.put(body);
        }
        return all.flip();
    }

    private static String text(ErrorPage page, String requestId) {
        return (isError(page) ? page.status() + " " : "") + page.title() + ". " + page.advice() + "\n"
                + (requestId.isEmpty() ? "" : "Request " + requestId + "\n");
    }

    private static String json(ErrorPage page, String requestId) {
        return "{\"status\":" + page.status()
                + ",\"" + (isError(page) ? "error" : "message") + "\":\"" + jsonText(page.title())
                + "\",\"advice\":\"" + jsonText(page.advice())
                + "\",\"request_id\":\"" + jsonText(requestId) + "\"}\n";
    }

    /// Only quotes and backslashes need it: no page has a control character, and no request id.
    private static String jsonText(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"");
    }

    private static String html(ErrorPage page, String reason, String requestId) {
        String what = isError(page) ? page.status() + " " + reason : "tunnel-server";
        return """
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="color-scheme" content="light dark">
                <title>\
                """
                + what
                + """
                </title>
                <style>body{font:1.1rem/1.6 system-ui,sans-serif;max-width:34rem;margin:18vh auto 0;padding:0 1.5rem;\
                overflow-wrap:anywhere}h1{font-size:1.5rem;line-height:1.3}footer{opacity:.75;font-size:.9rem}</style>
                </head>
                <body>
                <main>
                <h1>\
                """
                + htmlText(page.title()) + "</h1>\n<p>" + htmlText(page.advice()) + "</p>\n</main>\n<footer><p>" + what
                + (requestId.isEmpty() ? "" : "<br>Request " + htmlText(requestId))
                + """
                </p></footer>
                </body>
                </html>
                """;
    }

    private static boolean isError(ErrorPage page) {
        return page.status() >= 400;
    }

    private static String htmlText(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
