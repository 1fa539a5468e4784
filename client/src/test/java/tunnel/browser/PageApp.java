package tunnel.browser;

import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import tunnel.e2e.HttpAnswer;
import tunnel.e2e.HttpOrigin;
import tunnel.e2e.Peer;

/// A local service with a page that opens a WebSocket and an EventSource, posts something, and reports what
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
    private final HttpOrigin app = HttpOrigin.answering(this::answer);

    PageApp() throws IOException {}

    int port() {
        return app.port();
    }

    /// The targets by which pages have reported.
    BlockingQueue<String> reports() {
        return reports;
    }

    private void answer(HttpOrigin.Request request, Peer to) throws IOException {
        String target = request.target();
        switch (target) {
            case "/" -> to.send(HttpAnswer.ok("text/html", PAGE));
            case "/post" -> to.send(HttpAnswer.ok("text/plain", "" + request.body().length()));
            case "/events" -> {
                to.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n");
                for (String event : new String[] {"one", "two", "three"}) {
                    to.send("data: " + event + "\n\n");
                }
            }
            case "/socket" -> {
                Frames.echo(request.field("Sec-WebSocket-Key"), "echo ", to);
                to.leave();
            }
            default -> {
                if (target.startsWith("/report?")) {
                    reports.add(target);
                }
                to.send(HttpAnswer.ok("text/plain", ""));
            }
        }
    }

    @Override
    public void close() throws IOException {
        app.close();
    }
}
