package tunnel.server;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tunnel.admin.Facts;
import tunnel.cli.Columns;
import tunnel.cli.Figures;
import tunnel.net.Addresses;

/// A server's status for people, in 80 columns.
final class StatusTable {
    private static final int WIDEST_NAME = 18;
    private static final int WIDEST_ADDRESS = 25; // an IPv6 address may be longer

    private StatusTable() {}

    static List<String> lines(StatusReport report, Instant now) throws IOException {
        Facts server = report.server();
        List<String> lines = new ArrayList<>();
        lines.add("tunnel-server %s, process %s, %s for %s".formatted(
                server.text("version"), server.text("pid"), server.text("state"), since(server.time("started"), now)));
        lines.add("  domain       " + server.text("domain"));
        lines.add("  clients at   " + at(server, "control-port")
                + (Boolean.parseBoolean(server.text("tls")) ? "" : ", without TLS"));
        lines.add("  visitors at  " + at(server, "http-port") + " by name, ports " + server.text("ports"));
        lines.add("  connections  %s of visitors (%s may be), %s of clients (%s)".formatted(
                count(server, "visitors"), count(server, "most-visitors"), count(server, "clients"),
                count(server, "most-clients")));
        lines.add("  visits       %s, %s in the last minute, %s in five".formatted(
                count(server, "total"), count(server, "last-minute"), count(server, "last-5-minutes")));
        lines.add("  bytes        " + Figures.bytes(server.number("bytes-in")) + " in, "
                + Figures.bytes(server.number("bytes-out")) + " out");
        lines.add("");
        if (report.sessions().isEmpty()) {
            lines.add("No client is connected.");
        } else {
            lines.addAll(sessions(report, now));
            lines.add("");
            lines.addAll(tunnels(report));
        }
        return lines;
    }

    private static String at(Facts server, String port) throws IOException {
        int number = Math.toIntExact(server.number(port));
        return String.join(", ", server.list("addresses").stream()
                .map(address -> Addresses.hostPort(address, number))
                .toList());
    }

    private static String since(@Nullable Instant then, Instant now) {
        return then == null ? "?" : Figures.time(Duration.between(then, now));
    }

    private static String count(Facts facts, String name) throws IOException {
        return Figures.count(facts.number(name));
    }

    private static List<String> sessions(StatusReport report, Instant now) throws IOException {
        Columns table = new Columns(3, "SESSION", "TOKEN", "ADDRESS", "FOR", "TUNNELS", "IDLE", "BUSY");
        for (StatusReport.Session session : report.sessions()) {
            Facts facts = session.session();
            table.add(
                    facts.text("id"),
                    Columns.fit(facts.text("token"), WIDEST_NAME),
                    Columns.fit(facts.text("address"), WIDEST_ADDRESS),
                    since(facts.time("since"), now),
                    Integer.toString(session.tunnels().size()),
                    facts.text("idle"),
                    facts.text("busy"));
        }
        return table.lines();
    }

    private static List<String> tunnels(StatusReport report) throws IOException {
        Columns table = new Columns(2, "TUNNEL", "", "OPEN", "TOTAL", "1 MIN", "5 MIN", "IN", "OUT");
        for (Facts tunnel : report.tunnels()) {
            table.add(
                    Columns.fit(tunnel.text("name"), WIDEST_NAME),
                    Boolean.parseBoolean(tunnel.text("ready")) ? tunnel.text("protocol") : "not ready",
                    count(tunnel, "open"),
                    count(tunnel, "total"),
                    count(tunnel, "last-minute"),
                    count(tunnel, "last-5-minutes"),
                    Figures.bytes(tunnel.number("bytes-in")),
                    Figures.bytes(tunnel.number("bytes-out")));
        }
        List<String> rows = table.lines();
        List<String> lines = new ArrayList<>(List.of(rows.getFirst()));
        for (int i = 0; i < report.tunnels().size(); i++) {
            lines.add(rows.get(i + 1));
            report.tunnels().get(i).list("urls").forEach(url -> lines.add("  " + url));
        }
        return lines;
    }
}
