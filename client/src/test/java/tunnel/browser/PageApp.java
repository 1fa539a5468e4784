package tunnel.browser;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/// A local service on raw sockets with a page that opens a WebSocket and an EventSource, posts something, and reports what
/// came of it.
final class PageApp implements AutoCloseable {
    private static final String PAGE = """
            <!DOCTYPE html><title>page</title><script>
            const socket = new Promise(done => {
              const opened = new WebSocket('ws://' + location.host + '/socket');
              opened.onopen = () => opened.send('hello');
              opened.onmessage = message => { done(message.data); opened.close(); };
            });
            const events = new Promise(done => {
              const source = new EventSource('/events');
              const seen = [];
              source.onmessage = event => {
                seen.push(event.data);
                if (seen.length === 3) { source.close(); done(seen.join(',')); }
              };
            });
            const posted = fetch('/post', { method: 'POST', body: 'four' }).then(answer => answer.text());
            Promise.all([socket, events, posted]).then(([a, b, c]) =>
              fetch('/report?socket=' + a.replace(' ', '+') + '&events=' + b + '&posted=' + c));
            </script>
            """;

    private final BlockingQueue<String> reports = new LinkedBlockingQueue<>();
    private final RawApp app = new RawApp(this::answer);

    PageApp() throws IOException {}

    int port() {
        return app.port();
    }

    /// The targets by which pages have reported.
    BlockingQueue<String> reports() {
        return reports;
    }

    /// @return whether the connection carries another request
    private boolean answer(RawApp.Request request, InputStream in, OutputStream out) throws IOException {
        String target = request.target();
        switch (target) {
            case "/" -> RawApp.send(out, "text/html", PAGE);
            case "/post" -> RawApp.send(out, "text/plain", "" + request.body().length());
            case "/events" -> {
                RawApp.text(out, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n");
                for (String event : new String[] {"one", "two", "three"}) {
                    RawApp.text(out, "data: " + event + "\n\n");
                }
                return in.read() >= 0; // until the page closes it
            }
            case "/socket" -> {
                Frames.echo(request.field("Sec-WebSocket-Key"), "echo ", in, out);
                return false;
            }
            default -> {
                if (target.startsWith("/report?")) {
                    reports.add(target);
                }
                RawApp.send(out, "text/plain", "");
            }
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        app.close();
    }
}
