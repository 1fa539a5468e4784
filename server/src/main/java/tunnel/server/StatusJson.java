package tunnel.server;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tunnel.admin.Facts;
import tunnel.cli.Json;

/// A server's status for programs. What is here stays as it is, docs/operations.md has it; there may be more later.
final class StatusJson {
    private StatusJson() {}

    static String of(StatusReport report, Instant now) throws IOException {
        Facts server = report.server();
        Instant started = server.time("started");
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("version", server.text("version"));
        json.put("state", server.text("state"));
        json.put("pid", server.number("pid"));
        json.put("started", String.valueOf(started));
        json.put("uptime_seconds", started == null ? 0 : Duration.between(started, now).toSeconds());
        json.put("domain", server.text("domain"));
        json.put("tls", Boolean.valueOf(server.text("tls")));
        json.put("addresses", server.list("addresses"));
        json.put("control_port", server.number("control-port"));
        json.put("http_port", server.number("http-port"));
        json.put("ports", server.text("ports"));
        json.put("connections", connections(report));
        json.put("visits", visits(server));
        List<Object> sessions = new ArrayList<>();
        for (StatusReport.Session session : report.sessions()) {
            sessions.add(session(session));
        }
        json.put("sessions", sessions);
        return Json.of(json);
    }

    private static Map<String, Object> connections(StatusReport report) throws IOException {
        Facts server = report.server();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("visitors", bounded(server.number("visitors"), server.number("most-visitors")));
        json.put("clients", bounded(server.number("clients"), server.number("most-clients")));
        json.put("sessions", bounded(report.sessions().size(), server.number("most-sessions")));
        return json;
    }

    private static Map<String, Object> bounded(long now, long most) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("now", now);
        json.put("most", most);
        return json;
    }

    private static Map<String, Object> visits(Facts of) throws IOException {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("open", of.number("open"));
        json.put("total", of.number("total"));
        json.put("last_minute", of.number("last-minute"));
        json.put("last_5_minutes", of.number("last-5-minutes"));
        json.put("bytes_in", of.number("bytes-in"));
        json.put("bytes_out", of.number("bytes-out"));
        return json;
    }

    private static Map<String, Object> session(StatusReport.Session of) throws IOException {
        Facts session = of.session();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", session.text("id"));
        json.put("token", session.text("token"));
        json.put("since", session.text("since"));
        json.put("address", session.text("address"));
        json.put("idle_data_channels", session.number("idle"));
        json.put("busy_data_channels", session.number("busy"));
        List<Object> tunnels = new ArrayList<>();
        for (Facts tunnel : of.tunnels()) {
            tunnels.add(tunnel(tunnel));
        }
        json.put("tunnels", tunnels);
        return json;
    }

    private static Map<String, Object> tunnel(Facts tunnel) throws IOException {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", tunnel.text("name"));
        json.put("protocol", tunnel.text("protocol"));
        json.put("port", tunnel.number("port"));
        json.put("ready", Boolean.valueOf(tunnel.text("ready")));
        json.put("urls", tunnel.list("urls"));
        json.put("visits", visits(tunnel));
        return json;
    }
}
