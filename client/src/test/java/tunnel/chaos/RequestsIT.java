package tunnel.chaos;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import tunnel.e2e.HostileRequests;
import tunnel.programs.Programs;

/// Requests that are not what they look like.
@Chaos
class RequestsIT {
    private static final int ALTERNATING = 10_000;

    @Test
    void smuggling(Table table) throws Exception {
        table.row(1, "request smuggling: the corpus of hostile requests", "0 extra requests at the app", row -> {
            try (Programs programs = new Programs().javaOptions("");
                    App app = programs.closing(new App(true))) {
                Programs.Server server = programs.server("--access-log", "off");
                programs.client("--local", "" + app.port(), "--name", "victim");
                List<HostileRequests.Hostile> all = HostileRequests.all();
                List<String> served = all.stream()
                        .filter(one -> send(server.httpPort(), one.bytes(Cast.VICTIM)).startsWith("HTTP/1.1 2"))
                        .map(HostileRequests.Hostile::name)
                        .toList();
                long smuggled = app.heads().stream().filter(head -> head.contains("smuggled")).count();
                row.tell(all.size() - served.size() + " of " + all.size() + " refused"
                        + (served.isEmpty() ? "" : ", the app answered before the bad end of " + served + " had come"));
                row.require(smuggled == 0, smuggled + " smuggled requests at the app");
            }
        });
    }

    private static String send(int port, byte[] request) {
        try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
            socket.setSoTimeout(20_000);
            Thread.ofVirtual().start(() -> {
                try {
                    socket.getOutputStream().write(request);
                } catch (IOException e) {
                    // refused before its end
                }
            });
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Test
    void alternatingHosts(Table table) throws Exception {
        table.row(2, "10,000 requests for two Hosts in turns on one connection", "0 misrouted", row -> {
            try (Programs programs = new Programs().javaOptions("");
                    App first = programs.closing(new App(true));
                    App second = programs.closing(new App(true))) {
                Programs.Server server = programs.server("--access-log", "off");
                programs.client("--local", "" + first.port(), "--name", "first");
                programs.client("--local", "" + second.port(), "--name", "second");
                try (Asker asker = new Asker(server.httpPort(), "")) {
                    for (int i = 0; i < ALTERNATING; i++) {
                        asker.askHost(i % 2 == 0 ? "first.localhost" : "second.localhost", "/" + i);
                    }
                }
                long right = rightly(first, 0) + rightly(second, 1);
                row.require(
                        right == ALTERNATING && first.heads().size() + second.heads().size() == ALTERNATING,
                        ALTERNATING - right + " of 10,000 misrouted");
            }
        });
    }

    private static long rightly(App app, int rest) {
        return app.heads().stream()
                .filter(head -> Integer.parseInt(head.split(" ", 3)[1].substring(1)) % 2 == rest)
                .count();
    }

    @Test
    void forgery(Table table) throws Exception {
        table.row(
                11,
                "forged forwarding fields, control characters and quotes in what is logged: 200 requests",
                "0 forged fields at the app, 0 raw control characters in any log",
                row -> {
                    try (Programs programs = new Programs().javaOptions("");
                            App app = programs.closing(new App(true))) {
                        Path log = programs.path("access.log");
                        Programs.Server server = programs.server("--access-log", log.toString(), "--verbose");
                        programs.client("--local", "" + app.port(), "--name", "victim");
                        for (int i = 0; i < 200; i++) {
                            send(server.httpPort(), forged(i).getBytes(ISO_8859_1));
                        }
                        long forged = app.heads().stream().filter(RequestsIT::isForged).count();
                        row.require(forged == 0 && !app.heads().isEmpty(), forged + " of " + app.heads().size() + " requests came with a forged field");
                        server.program().stop();
                        server.program().exitCode();
                        String logs = Files.readString(log, StandardCharsets.ISO_8859_1) + String.join("\n", server.program().err());
                        long raw = logs.chars().filter(one -> (one < 0x20 && one != '\n') || one == 0x7f).count();
                        long lines = logs.lines().filter(line -> line.startsWith("FORGED")).count();
                        row.require(raw == 0 && lines == 0, raw + " raw control characters, " + lines + " forged lines in "
                                + logs.lines().count());
                    }
                });
    }

    private static String forged(int i) {
        String bad = i % 2 == 0 ? "x\ty" : "x\"\\ \u001b[31m\u0007";
        return "GET /" + i + "%0d%0aFORGED HTTP/1.1\r\nHost: " + (i % 7 == 0 ? "nobody\u001b.localhost" : Cast.VICTIM)
                + "\r\nX-Forwarded-For: 6.6.6.6\r\nX-Forwarded-Host: evil.example\r\nX-Forwarded-Proto: gopher\r\n"
                + "Forwarded: for=6.6.6.6\r\n" + (i % 11 == 0 ? "x_forwarded_for: 6.6.6.6\r\n" : "") + "X-Real-IP: 6.6.6.6\r\nUser-Agent: "
                + (i % 3 == 0 ? bad : "plain") + "\r\nReferer: " + (i % 5 == 0 ? bad : "none") + "\r\nConnection: close\r\n\r\n";
    }

    private static boolean isForged(String head) {
        String lower = head.toLowerCase(Locale.ROOT);
        return lower.contains("evil.example") || lower.contains("gopher") || lower.lines().anyMatch(
                line -> (line.startsWith("x-forwarded-for:") || line.startsWith("forwarded:")) && line.contains("6.6.6.6"));
    }
}
