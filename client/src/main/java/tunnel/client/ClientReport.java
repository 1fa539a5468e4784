package tunnel.client;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tunnel.admin.Facts;
import tunnel.cli.Figures;
import tunnel.cli.Json;
import tunnel.cli.Wrapped;

/// What {@link ClientStatus} answers, for people in 80 columns and for programs. The names in the JSON stay as they are,
/// docs/operations.md has them; there may be more later.
record ClientReport(Facts client, List<Facts> tunnels) {
    static ClientReport of(List<Facts> facts) throws IOException {
        Facts client = facts.stream()
                .filter(one -> one.kind().equals(ClientStatus.CLIENT))
                .findFirst()
                .orElseThrow(() -> new IOException("a client's answer cannot be read. Is it of another version? Restart it"));
        return new ClientReport(client, facts.stream().filter(one -> one.kind().equals(ClientStatus.TUNNEL)).toList());
    }

    List<String> lines(Instant now) throws IOException {
        List<String> lines = new ArrayList<>();
        Instant since = client.time("since");
        lines.add("tunnel-client %s, process %s, %s%s".formatted(
                client.text("version"),
                client.text("pid"),
                client.text("state"),
                since == null ? "" : " for " + Figures.time(Duration.between(since, now))));
        String roundTrip = client.text("round-trip-micros");
        lines.add("  server     " + client.text("server") + (roundTrip.isEmpty() ? "" : ", round trip " + millis("round-trip-micros")));
        if (!client.text("why").isEmpty()) {
            lines.addAll(wrapped("             ", client.text("why")));
        }
        if (!client.text("inspector").isEmpty()) {
            lines.add("  inspector");
            lines.add("    " + client.text("inspector")); // 76 columns
        }
        lines.add("  requests   %s, %s in the last minute, %s in five, open %s, failed %s".formatted(
                count("total"), count("last-minute"), count("last-5-minutes"), count("open"), count("failed")));
        if (client.number("p50-micros") > 0) {
            lines.add("  answers    half within %s, nine of ten within %s".formatted(millis("p50-micros"), millis("p90-micros")));
        }
        for (Facts tunnel : tunnels) {
            lines.addAll(lines(tunnel));
        }
        return lines;
    }

    private static List<String> lines(Facts tunnel) {
        String label = tunnel.text("label");
        List<String> lines = new ArrayList<>();
        lines.add("  tunnel     " + (label.isEmpty() ? "" : label + ": ") + tunnel.text("protocol") + " to " + tunnel.text("local")
                + (tunnel.text("state").equals("ready") ? "" : ", " + tunnel.text("state")));
        tunnel.list("urls").forEach(url -> lines.add("             " + url));
        for (String why : List.of(tunnel.text("why"), tunnel.text("local-down"))) {
            if (!why.isEmpty()) {
                lines.addAll(wrapped("             ", why));
            }
        }
        return lines;
    }

    private static List<String> wrapped(String indent, String text) {
        return Wrapped.lines(text, 80 - indent.length()).stream().map(line -> indent + line).toList();
    }

    private String count(String name) throws IOException {
        return Figures.count(client.number(name));
    }

    private String millis(String name) throws IOException {
        return Verdicts.time(client.number(name) * 1000);
    }

    static String json(List<ClientReport> clients) throws IOException {
        List<Object> all = new ArrayList<>();
        for (ClientReport client : clients) {
            all.add(client.json());
        }
        return Json.of(Map.of("clients", all));
    }

    private Map<String, @Nullable Object> json() throws IOException {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("version", client.text("version"));
        json.put("pid", client.number("pid"));
        json.put("started", client.text("started"));
        json.put("server", client.text("server"));
        json.put("state", client.text("state"));
        json.put("since", client.text("since"));
        json.put("why", client.text("why"));
        json.put("next_dial", orNull("next-dial"));
        json.put("round_trip_micros", client.text("round-trip-micros").isEmpty() ? null : client.number("round-trip-micros"));
        json.put("inspector", orNull("inspector"));
        Map<String, Object> requests = new LinkedHashMap<>();
        for (String name : List.of("total", "open", "failed", "last-minute", "last-5-minutes", "p50-micros", "p90-micros")) {
            requests.put(name.replace('-', '_'), client.number(name));
        }
        json.put("requests", requests);
        List<Object> each = new ArrayList<>();
        for (Facts tunnel : tunnels) {
            each.add(json(tunnel));
        }
        json.put("tunnels", each);
        return json;
    }

    private @Nullable String orNull(String name) {
        return client.text(name).isEmpty() ? null : client.text(name);
    }

    private static Map<String, Object> json(Facts tunnel) throws IOException {
        Map<String, Object> json = new LinkedHashMap<>();
        for (String name : List.of("label", "name", "protocol", "local", "state", "why", "local-down")) {
            json.put(name.replace('-', '_'), tunnel.text(name));
        }
        json.put("port", tunnel.number("port"));
        json.put("urls", tunnel.list("urls"));
        return json;
    }
}
