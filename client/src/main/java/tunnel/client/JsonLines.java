package tunnel.client;

import java.io.PrintStream;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import tunnel.events.ClientEvents;
import tunnel.events.Exchange;

/// Standard output for programs: one JSON object a line. docs/terminal.md says what is in them; fields may be added, none goes.
final class JsonLines implements ClientEvents {
    private final Lines lines;
    private final boolean requests;
    private final AtomicLong dropped = new AtomicLong();

    /// @param requests whether each request is wanted, and not only what tunnels do
    JsonLines(PrintStream out, boolean requests) {
        this.lines = new Lines(out);
        this.requests = requests;
    }

    @Override
    public void unreachable(String why) {
        print(event("unreachable").text("why", why));
    }

    @Override
    public void online() {
        print(event("online"));
    }

    @Override
    public void lost(String why) {
        print(event("lost").text("why", why));
    }

    @Override
    public void ready(Shown tunnel) {
        print(about("ready", tunnel));
    }

    @Override
    public void refused(Shown tunnel, String why) {
        print(about("refused", tunnel).text("why", why));
    }

    @Override
    public void removed(Shown tunnel) {
        print(about("removed", tunnel));
    }

    @Override
    public void localDown(Shown tunnel, String why) {
        print(about("local_down", tunnel).text("why", why));
    }

    @Override
    public void localUp(Shown tunnel) {
        print(about("local_up", tunnel));
    }

    @Override
    public void inspector(String address) {
        print(event("inspector").text("url", address));
    }

    /// One line, when it is over.
    @Override
    public void exchange(Exchange exchange) {
        if (!requests || exchange.state() == Exchange.State.RUNNING) {
            return;
        }
        JsonObject line = event("request")
                .number("id", exchange.id())
                .text("tunnel", exchange.tunnel())
                .text("started", exchange.started().toString())
                .text("kind", exchange.kind().name().toLowerCase(java.util.Locale.ROOT))
                .text("visitor", exchange.visitor())
                .text("method", exchange.method())
                .text("host", exchange.host())
                .text("path", exchange.path())
                .number("status", exchange.status())
                .number("micros", exchange.micros())
                .number("request_bytes", exchange.requestBytes())
                .number("response_bytes", exchange.responseBytes())
                .text("type", exchange.type());
        String failure = exchange.failure();
        if (failure != null) {
            line.text("failure", failure);
        }
        if (exchange.replayOf() != 0) {
            line.number("replay_of", exchange.replayOf());
        }
        print(line);
    }

    @Override
    public void exchangesMissed(long count) {
        if (requests) {
            print(event("requests_missed").number("count", count));
        }
    }

    private static JsonObject event(String name) {
        return new JsonObject().text("event", name).text("time", Instant.now().toString());
    }

    private static JsonObject about(String event, Shown tunnel) {
        return event(event)
                .text("url", tunnel.urls().isEmpty() ? "" : tunnel.urls().getFirst())
                .texts("urls", tunnel.urls())
                .text("local", tunnel.local())
                .text("label", tunnel.label())
                .text("protocol", tunnel.protocol().name().toLowerCase(java.util.Locale.ROOT))
                .text("name", tunnel.name())
                .number("port", tunnel.port());
    }

    /// A reader that does not keep up is told how many lines it missed.
    private void print(JsonObject line) {
        long missed = dropped.getAndSet(0);
        if (missed > 0 && !lines.print(event("lines_missed").number("count", missed).toString())) {
            dropped.addAndGet(missed);
        }
        if (!lines.print(line.toString())) {
            dropped.incrementAndGet();
        }
    }

    /// Lets what is queued leave, for at most a second. Nothing is printed after it.
    void flush() {
        lines.flush();
    }
}
