package tunnel.wrap;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tunnel.events.ClientEvents;

/// Learns the tunnels' public addresses, for the command's environment. A tunnel that the server does not give has none.
public final class PublicUrls implements ClientEvents {
    private static final Logger log = LoggerFactory.getLogger(PublicUrls.class);
    private static final String VARIABLE = "PUBLIC_URL";

    private final int tunnels;
    private final Map<Integer, Shown> known = new ConcurrentHashMap<>();
    private final CompletableFuture<Map<String, String>> variables = new CompletableFuture<>();

    /// @param tunnels how many there are to be heard of
    public PublicUrls(int tunnels) {
        this.tunnels = tunnels;
    }

    /// The variables, once all tunnels are heard of: `PUBLIC_URL` has the best address of the first tunnel that there is, and
    /// `PUBLIC_URL_WEB` that of the one that is called `web`.
    CompletableFuture<Map<String, String>> variables() {
        return variables;
    }

    @Override
    public void ready(Shown tunnel) {
        Shown before = known.put(tunnel.id(), tunnel);
        if (before != null && !before.urls().isEmpty() && !before.urls().equals(tunnel.urls())) {
            log.warn("the public address is another one now; the command was started with {}", before.urls().getFirst());
        }
        completeIfAllKnown();
    }

    @Override
    public void refused(Shown tunnel, String why) {
        hasNone(tunnel);
    }

    @Override
    public void removed(Shown tunnel) {
        hasNone(tunnel);
    }

    private void hasNone(Shown tunnel) {
        known.put(tunnel.id(), new Shown(tunnel.id(), tunnel.label(), tunnel.protocol(), tunnel.local(), List.of()));
        completeIfAllKnown();
    }

    private void completeIfAllKnown() {
        if (known.size() >= tunnels && known.values().stream().anyMatch(one -> !one.urls().isEmpty())) {
            variables.complete(variables(new TreeMap<>(known).values()));
        }
    }

    private static Map<String, String> variables(Collection<Shown> inTheirOrder) {
        Map<String, String> all = new TreeMap<>();
        for (Shown tunnel : inTheirOrder) {
            if (!tunnel.urls().isEmpty()) {
                String url = tunnel.urls().getFirst();
                all.putIfAbsent(VARIABLE, url);
                if (!tunnel.label().isEmpty()) {
                    all.put(VARIABLE + "_" + tunnel.label().toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_"), url);
                }
            }
        }
        return all;
    }
}
