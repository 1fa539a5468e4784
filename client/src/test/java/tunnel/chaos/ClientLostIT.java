package tunnel.chaos;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import tunnel.e2e.Link;
import tunnel.programs.Programs;
import tunnel.programs.RunningProgram;

/// A client that is gone, or that is there and does nothing.
@Chaos
class ClientLostIT {
    private static final Duration STOPPED = Duration.ofSeconds(40);
    private static final String HOST = "lost.localhost";

    @Test
    void aKilledClientsNextOne(Table table) throws Exception {
        table.row(14, "client killed, its old session half-open", "the next one has the same name within 2 s", row -> {
            try (Programs programs = new Programs().javaOptions("");
                    App app = programs.closing(new App())) {
                Programs.Server server = programs.server("--access-log", "off");
                Link link = programs.closing(new Link(server.controlPort()));
                Path join = programs.serverState().resolve("join");
                for (int round = 1; round <= 3; round++) {
                    Link frozen = programs.closing(new Link(server.controlPort()));
                    RunningProgram client = client(programs, app, linked(programs, join, frozen));
                    frozen.freeze();
                    client.kill();
                    long began = System.nanoTime();
                    try (LightClient next = new LightClient(Joins.read(join, link), "lost", app.port())) {
                        next.awaitAddress();
                        long ready = System.nanoTime() - began;
                        boolean served = Asker.once(server.httpPort(), HOST, "/next").status() == 200;
                        row.require(served && ready < 2e9, "served under its name " + Latencies.text(ready / 1e6)
                                + " after the next one dials");
                    }
                }
            }
            try (Programs programs = new Programs();
                    App app = programs.closing(new App())) {
                Optional<Rathole> rathole = Rathole.start(programs, 1);
                if (rathole.isPresent()) {
                    Link frozen = programs.closing(new Link(rathole.get().controlPort()));
                    RunningProgram client = rathole.get().client(frozen.port(), 0, 1, app.port());
                    awaitServed(rathole.get().publicPort(0));
                    frozen.freeze();
                    client.kill();
                    long began = System.nanoTime();
                    rathole.get().client(rathole.get().controlPort(), 0, 1, app.port());
                    Awaitility.await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(20)).until(
                            () -> isServed(rathole.get().publicPort(0)));
                    row.beside("served " + Latencies.text((System.nanoTime() - began) / 1e6) + " after the start");
                }
            }
        });
    }

    private static Path linked(Programs programs, Path join, Link link) throws IOException {
        return programs.file("join-" + link.port(), Joins.read(join, link).text());
    }

    private static RunningProgram client(Programs programs, App app, Path join) throws IOException {
        return programs.client("--local", "" + app.port(), "--name", "lost", "--join-file", join.toString());
    }

    private static void awaitServed(int port) {
        Awaitility.await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(20)).until(() -> isServed(port));
    }

    private static boolean isServed(int port) {
        try (Asker asker = new Asker("127.0.0.1", port, HOST, 500)) {
            return asker.ask("/").status() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void aStoppedClient(Table table) throws Exception {
        table.row(
                15,
                "client stopped for 40 s (SIGSTOP), 20 visitors a second meanwhile",
                "504 within 5 s, 503 once its session is dropped; server's heap grows < 32 MiB; resumes within 2 s",
                row -> {
                    try (Cast cast = Cast.start()) {
                        Asker.once(cast.server().httpPort(), Cast.VICTIM, "/");
                        Vitals before = Vitals.collected(cast.pid());
                        cast.victim().signal("STOP");
                        long began = System.nanoTime();
                        Map<Integer, List<Answered>> answers = new TreeMap<>();
                        List<Thread> visitors = new ArrayList<>();
                        while (System.nanoTime() - began < STOPPED.toNanos()) {
                            visitors.add(Thread.ofVirtual().start(() -> visit(cast, began, answers)));
                            Pause.of(Duration.ofMillis(50));
                        }
                        Vitals during = Vitals.collected(cast.pid());
                        cast.victim().signal("CONT");
                        long resumed = System.nanoTime();
                        Awaitility.await()
                                .atMost(Duration.ofSeconds(30))
                                .pollInterval(Duration.ofMillis(20))
                                .until(() -> status(cast) == 200);
                        double back = (System.nanoTime() - resumed) / 1e6;
                        for (Thread visitor : visitors) {
                            visitor.join();
                        }
                        tell(row, answers);
                        row.require(during.heap() - before.heap() < 32 << 10, "heap grew by "
                                + ((during.heap() - before.heap()) >> 10) + " MiB");
                        row.require(back < 2000, "served again " + Latencies.text(back) + " after SIGCONT");
                        row.tell("before: " + before);
                        row.tell("during: " + during);
                        row.tell("after: " + Vitals.collected(cast.pid()));
                    }
                });
    }

    /// @param at when it was asked, in seconds since the client was stopped
    private record Answered(double at, double millis) {}

    private static void visit(Cast cast, long began, Map<Integer, List<Answered>> answers) {
        long asked = System.nanoTime();
        int status = status(cast);
        synchronized (answers) {
            answers.computeIfAbsent(status, _ -> new ArrayList<>())
                    .add(new Answered((asked - began) / 1e9, (System.nanoTime() - asked) / 1e6));
        }
    }

    private static int status(Cast cast) {
        try {
            return Asker.once(cast.server().httpPort(), Cast.VICTIM, "/stopped").status();
        } catch (IOException e) {
            return 0;
        }
    }

    private static void tell(Row row, Map<Integer, List<Answered>> answers) {
        row.require(
                answers.keySet().stream().allMatch(status -> status == 504 || status == 503),
                "answers " + answers.entrySet().stream()
                        .map(one -> one.getValue().size() + " × " + one.getKey())
                        .toList());
        List<Double> late = answers.getOrDefault(504, List.of()).stream().map(Answered::millis).sorted().toList();
        double last = late.isEmpty() ? 0 : late.getLast();
        row.require(last < 5_500, "504 after " + Latencies.text(last) + " at the most");
        double first503 = answers.getOrDefault(503, List.of()).stream().mapToDouble(Answered::at).min().orElse(99);
        row.require(first503 < 20.5, "503 for who came " + Latencies.text(first503 * 1000) + " after the stop and later");
    }
}
