package tunnel.chaos;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tunnel.programs.Programs;
import tunnel.programs.RunningProgram;

/// A server that dies with many clients, and is started again.
@Chaos
class ServerKilledIT {
    private static final int CLIENTS = 500;
    private static final Pattern READY = Pattern.compile("tunnel (c\\d+)\\S* is ready at");
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @Test
    void allClientsComeBack(Table table) throws Exception {
        table.row(
                13,
                "server killed with 500 clients, and started again",
                "the same names back, median ≤ 2.5 s, worst ≤ 5 s after the server listens again",
                row -> {
                    try (Programs programs = new Programs(CLIENTS).javaOptions("");
                            App app = programs.closing(new App())) {
                        Programs.Server server = programs.server("--access-log", "off");
                        Fleet.start(
                                programs, programs.serverState().resolve("join"), CLIENTS, app.port());
                        Arrivals first = await(server.program());
                        row.tell("first start: all within " + Latencies.text(first.latencies.worst()));
                        Pause.of(Duration.ofSeconds(5));
                        row.tell("before: " + Vitals.collected(server.program().pid()));

                        long killed = System.nanoTime();
                        server.program().kill();
                        Programs.Server next = programs.server(
                                "--access-log", "off",
                                "--control-port", "" + server.controlPort(),
                                "--http-port", "" + server.httpPort());
                        long listening = System.nanoTime();
                        Load load = Load.begin();
                        Arrivals back = await(next.program());
                        double others = load.others();
                        Pause.of(Duration.ofSeconds(5)); // data channels
                        int served = served(next.httpPort());
                        row.require(
                                back.names.size() == CLIENTS && served == CLIENTS,
                                back.names.size() + " of 500 names back, " + served + " serve");
                        row.require(
                                (1 - others) * back.latencies.median() <= 2500 && (1 - others) * back.latencies.worst() <= 5000,
                                "median " + Latencies.text(back.latencies.median()) + ", worst "
                                        + Latencies.text(back.latencies.worst()) + " after it listens, which took "
                                        + Latencies.text((listening - killed) / 1e6) + Load.text(others)
                                        + (others < 0.1 ? "" : ", judged by what was left"));
                        row.tell("after: " + Vitals.collected(next.program().pid()));
                    }
                    rathole(row);
                });
    }

    private record Arrivals(Set<String> names, Latencies latencies) {}

    /// Waits until the server says that all are ready.
    private static Arrivals await(RunningProgram server) {
        long began = System.nanoTime();
        Set<String> names = new HashSet<>();
        List<Long> times = new ArrayList<>();
        int read = 0;
        while (names.size() < CLIENTS && System.nanoTime() - began < PATIENCE.toNanos()) {
            List<String> lines = server.err();
            for (String line : lines.subList(read, lines.size())) {
                Matcher ready = READY.matcher(line);
                if (ready.find() && names.add(ready.group(1))) {
                    times.add(System.nanoTime() - began);
                }
            }
            read = lines.size();
            Pause.of(Duration.ofMillis(20));
        }
        return new Arrivals(names, Latencies.of(times, 0));
    }

    private static int served(int httpPort) throws IOException {
        int served = 0;
        for (int i = 0; i < CLIENTS; i++) {
            served += Asker.once(httpPort, "c" + i + ".localhost", "/back").status() == 200 ? 1 : 0;
        }
        return served;
    }

    private static void rathole(Row row) throws Exception {
        try (Programs programs = new Programs();
                App app = programs.closing(new App())) {
            Optional<Rathole> rathole = Rathole.start(programs, CLIENTS);
            if (rathole.isEmpty()) {
                return;
            }
            rathole.get().client(0, CLIENTS, app.port());
            awaitRathole(rathole.get());
            rathole.get().restart();
            Latencies back = awaitRathole(rathole.get());
            row.beside(back.count() + " of 500 back (services of one client, no TLS), median "
                    + Latencies.text(back.median()) + ", worst " + Latencies.text(back.worst()));
        }
    }

    private static Latencies awaitRathole(Rathole rathole) {
        long began = System.nanoTime();
        List<Long> times = new ArrayList<>();
        Set<Integer> missing = new HashSet<>();
        for (int i = 0; i < CLIENTS; i++) {
            missing.add(i);
        }
        while (!missing.isEmpty() && System.nanoTime() - began < PATIENCE.toNanos()) {
            missing.removeIf(i -> {
                boolean there = Ports.listens(rathole.publicPort(i)); // bound with its control channel
                if (there) {
                    times.add(System.nanoTime() - began);
                }
                return there;
            });
            Pause.of(Duration.ofMillis(20));
        }
        return Latencies.of(times, 0);
    }
}
