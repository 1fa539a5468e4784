package tunnel.wrap;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
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

    private final Set<String> labels;
    private final Map<String, Shown> known = new ConcurrentHashMap<>(); // by label, of each the newest
    private final CompletableFuture<Map<String, String>> variables = new CompletableFuture<>();

    /// @param labels of the tunnels that there are to be heard of
    public PublicUrls(Collection<String> labels) {
        this.labels = Set.copyOf(labels);
    }

    /// The variable for a tunnel with a label.
    public static String variable(String label) {
        return VARIABLE + "_" + label.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }

    /// The variables, once all tunnels are heard of: `PUBLIC_URL` has the best address of the first tunnel that there is, and
    /// `PUBLIC_URL_WEB` that of the one that is called `web`.
    CompletableFuture<Map<String, String>> variables() {
        return variables;
    }

    @Override
    public void ready(Shown tunnel) {
        Shown before = known.get(tunnel.label());
        know(tunnel);
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
        know(new Shown(tunnel.id(), tunnel.label(), tunnel.protocol(), tunnel.local(), List.of()));
        completeIfAllKnown();
    }

    /// One that was changed has a higher number than before.
    private void know(Shown tunnel) {
        known.merge(tunnel.label(), tunnel, (one, other) -> other.id() < one.id() ? one : other);
    }

    private void completeIfAllKnown() {
        if (known.keySet().containsAll(labels) && known.values().stream().anyMatch(one -> !one.urls().isEmpty())) {
            variables.complete(variables(known.values().stream().sorted(Comparator.comparingInt(Shown::id)).toList()));
        }
    }

    private static Map<String, String> variables(Collection<Shown> inTheirOrder) {
        Map<String, String> all = new TreeMap<>();
        for (Shown tunnel : inTheirOrder) {
            if (!tunnel.urls().isEmpty()) {
                String url = tunnel.urls().getFirst();
                all.putIfAbsent(VARIABLE, url);
                if (!tunnel.label().isEmpty()) {
                    all.put(variable(tunnel.label()), url);
                }
            }
        }
        return all;
    }
}
