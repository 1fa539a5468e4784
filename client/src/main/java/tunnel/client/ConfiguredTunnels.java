package tunnel.client;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tunnel.config.BadFileException;

/// The tunnels of a file that a client runs, and what becomes of them when the file changes. Used by one thread at a time.
final class ConfiguredTunnels {
    private final @Nullable List<String> chosen; // null for all
    private final ClientConfig config; // at the start
    private Map<String, TunnelSection> running = Map.of(); // by label

    /// @param chosen their labels, or null for all that there are and will be
    ConfiguredTunnels(ClientConfig config, @Nullable List<String> chosen) {
        this.config = config;
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
        for (TunnelSection tunnel : from.tunnels(chosen == null ? from.labels() : chosen)) {
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

    /// What a changed file would change, where all of it is good.
    ///
    /// @throws BadFileException with all that is wrong
    Change changeTo(ClientConfig to) throws BadFileException {
        to.checkTop();
        Map<String, TunnelSection> next = new LinkedHashMap<>();
        List<String> news = new ArrayList<>();
        read(to).forEach((label, tunnel) -> {
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
