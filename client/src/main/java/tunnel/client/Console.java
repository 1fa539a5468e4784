package tunnel.client;

import java.io.PrintStream;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import tunnel.events.ClientEvents;

/// Standard output: one line for each public address, once.
public final class Console implements ClientEvents {
    private final Lines lines;
    private final Set<String> printed = ConcurrentHashMap.newKeySet();

    public Console(PrintStream out) {
        this.lines = new Lines(out);
    }

    @Override
    public void ready(Shown tunnel) {
        tunnel.urls().forEach(url -> address(url, tunnel.local()));
    }

    /// Prints an address unless it was printed before: after a reconnect only what has changed is news.
    private void address(String url, String local) {
        String line = url + " -> " + local;
        if (printed.add(line)) {
            lines.print(line);
        }
    }

    /// Lets what is queued leave, for at most a second. Nothing is printed after it.
    public void flush() {
        lines.flush();
    }
}
