package tunnel.server.edge;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Map;

/// A small answer of the edge's own: what happened and what to do, as a page for browsers and as a line for programs. Nothing
/// of the request is in it.
///
/// @param status of HTTP
/// @param title a few words
/// @param advice a sentence for whoever reads it
record ErrorPage(int status, String title, String advice) {
    private static final Map<Integer, String> REASONS = Map.of(
            400, "Bad Request",
            404, "Not Found",
            408, "Request Timeout",
            431, "Request Header Fields Too Large",
            502, "Bad Gateway",
            504, "Gateway Timeout",
            505, "HTTP Version Not Supported");

    static final ErrorPage NO_SUCH_TUNNEL = new ErrorPage(
            404,
            "No such tunnel",
            "No tunnel has this name at present. Check the address; if the tunnel is yours, see whether tunnel-client is still"
                    + " running.");
    static final ErrorPage TOO_SLOW =
            new ErrorPage(408, "The request took too long", "The head of the request was not complete in time. Try again.");
    static final ErrorPage TOO_LARGE = new ErrorPage(
            431, "The request's header is too large", "Clear this site's cookies, or send fewer and shorter header fields.");
    static final ErrorPage NO_DATA_CHANNEL = new ErrorPage(
            504,
            "The tunnel's client did not answer",
            "The computer behind this tunnel is slow to answer or out of reach at the moment. Try again shortly.");
    static final ErrorPage LOCAL_UNREACHABLE = new ErrorPage(
            502,
            "The web app behind this tunnel is not running",
            "The tunnel works, but nothing answers behind it. If the app is yours: start it, then reload this page.");
    static final ErrorPage LOCAL_TIMEOUT = new ErrorPage(
            504,
            "The web app behind this tunnel did not answer",
            "The tunnel works, but the app behind it could not be reached in time. Try again shortly.");
    static final ErrorPage CLIENT_LOST = new ErrorPage(
            502,
            "The connection to the tunnel's client was lost",
            "The request may or may not have reached the web app. Reload this page to try again.");

    static ErrorPage badHead(HttpHead.BadHead e) {
        return new ErrorPage(e.status(), "The request was not understood", "It is not a valid request: " + e.getMessage() + ".");
    }

    /// The whole response, which also says that the connection ends (RFC 9112, section 9.6).
    ///
    /// @param html whether a browser asks
    /// @param body false in answer to HEAD
    ByteBuffer response(boolean html, boolean body) {
        String reason = REASONS.getOrDefault(status, "Error");
        byte[] text = (html ? page(reason) : status + " " + title + ". " + advice + "\n").getBytes(UTF_8);
        byte[] head = ("HTTP/1.1 " + status + " " + reason + "\r\n"
                        + "Content-Type: text/" + (html ? "html" : "plain") + "; charset=utf-8\r\n"
                        + "Content-Length: " + text.length + "\r\n"
                        + "Cache-Control: no-store\r\n"
                        + "X-Content-Type-Options: nosniff\r\n"
                        + "Connection: close\r\n\r\n")
                .getBytes(UTF_8);
        ByteBuffer all = ByteBuffer.allocate(head.length + text.length).put(head);
        if (body) {
            all.put(text);
        }
        return all.flip();
    }

    private String page(String reason) {
        return """
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="color-scheme" content="light dark">
                <title>%1$d %2$s</title>
                <style>body{font:1.1rem/1.6 system-ui,sans-serif;max-width:34rem;margin:18vh auto 0;padding:0 1.5rem}
                h1{font-size:1.5rem;line-height:1.3}p:last-child{opacity:.7;font-size:.9rem}</style>
                </head>
                <body>
                <h1>%3$s</h1>
                <p>%4$s</p>
                <p>%1$d %2$s</p>
                </body>
                </html>
                """.formatted(status, reason, title, advice);
    }
}
