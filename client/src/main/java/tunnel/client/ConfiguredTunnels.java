package tunnel.client;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tunnel.config.BadFileException;
import tunnel.config.Position;

/// The tunnels of a file that a client runs, and what becomes of them when the file changes. Used by one thread at a time.
final class ConfiguredTunnels {
    private final @Nullable List<String> chosen; // null for all
    private final ClientConfig config; // at the start
    private final boolean startsApp;
    private Map<String, TunnelSection> running = Map.of(); // by label

    /// @param chosen their labels, or null for all that there are and will be
    /// @param startsApp whether the client starts the app too, which then has some time to listen
    ConfiguredTunnels(ClientConfig config, @Nullable List<String> chosen, boolean startsApp) {
        this.config = config;
        this.startsApp = startsApp;
        this.chosen = chosen;
    }

    Path path() {
        return config.path();
    }

    /// What is wished for at first.
    List<ClientSettings.Wish> wishes() throws BadFileException {
        running = read(config);
        return running.values().stream().map(TunnelSection::wish).toList();
    }

    private Map<String, TunnelSection> read(ClientConfig from) throws BadFileException {
        Map<String, TunnelSection> tunnels = new LinkedHashMap<>();
        for (TunnelSection tunnel : from.tunnels(chosen == null ? from.labels() : chosen, startsApp)) {
            tunnels.put(tunnel.label(), tunnel);
        }
        return tunnels;
    }

    /// What is different in a changed file.
    ///
    /// @param next the tunnels that there are then
    /// @param news of them, in words
    /// @param forRestart keys that only count at a start, and are not as they were at this one
    record Change(Map<String, TunnelSection> next, List<String> news, List<String> forRestart) {
        /// For all tunnels; those of which nothing has changed are the same as before.
        List<ClientSettings.Wish> wishes() {
            return next.values().stream().map(TunnelSection::wish).toList();
        }
    }

    /// What a changed file would change, where all of it is good. One without any of the tunnels is not: it was emptied to be written
    /// anew, or cut short, more likely than meant so, and whoever wants no tunnel stops the client.
    ///
    /// @throws BadFileException with all that is wrong
    Change changeTo(ClientConfig to) throws BadFileException {
        to.checkTop();
        Map<String, TunnelSection> next = new LinkedHashMap<>();
        List<String> news = new ArrayList<>();
        Map<String, TunnelSection> there = read(to);
        if (there.isEmpty()) {
            BadFileException.throwIfAny(List.of(to.file().problem(
                    Position.START,
                    (chosen == null ? "it has no tunnels" : "it has not " + String.join(", ", chosen))
                            + " any more. Stop tunnel-client if none is wanted")));
        }
        there.forEach((label, tunnel) -> {
            TunnelSection before = running.get(label);
            boolean same = before != null && before.section().says(tunnel.section());
            next.put(label, same ? before : tunnel);
            if (!same) {
                news.add(label + (before == null ? " added" : " changed"));
            }
        });
        running.keySet().stream().filter(label -> !next.containsKey(label)).forEach(label -> news.add(label + " removed"));
        List<String> forRestart = config.file().top().changedIn(to.file().top());
        return new Change(next, news, forRestart);
    }

    /// A change was applied: the next one is seen from there.
    void taken(Change change) {
        running = change.next();
    }
}
