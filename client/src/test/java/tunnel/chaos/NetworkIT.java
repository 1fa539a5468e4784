package tunnel.chaos;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import tunnel.net.HostPort;
import tunnel.programs.Programs;
import tunnel.programs.RunningProgram;
import tunnel.protocol.JoinString;

/// The line between client and server: cut, lossy, narrow. The client is in a network namespace of its own, with its app.
@Chaos
class NetworkIT {
    private static final String HOST = "far.localhost";

    @Test
    void aLineThatIsGoneAndBack(Table table) throws Exception {
        table.row(12, "client cut off by the network, nobody is told", "noticed within 15 s, served within 1 s of healing", row -> {
            try (Namespace namespace = Namespace.open();
                    Programs programs = new Programs().javaOptions("")) {
                Programs.Server server = server(programs);
                RunningProgram client = client(programs, namespace, server);
                Optional<Rathole> rathole = Rathole.start(programs, 1, Namespace.OUTSIDE);
                if (rathole.isPresent()) { // beside ours, on the same line
                    rathole.get().client(namespace.prefix(), app(programs, namespace));
                    awaitServed(rathole.get().publicPort(0), HOST);
                }
                awaitServed(server.httpPort(), HOST);

                namespace.cut();
                long cut = System.nanoTime();
                Awaitility.await().atMost(Duration.ofSeconds(40)).pollInterval(Duration.ofMillis(20)).until(
                        () -> said(server.program(), "was lost") && said(client, "was lost"));
                double noticed = (System.nanoTime() - cut) / 1e6;
                row.require(noticed < 15_500, "both ends noticed after " + Latencies.text(noticed));
                Pause.of(Duration.ofSeconds(10));
                namespace.heal();
                long healed = System.nanoTime();
                CompletableFuture<Double> other = rathole.isEmpty()
                        ? CompletableFuture.completedFuture(0.0)
                        : CompletableFuture.supplyAsync(() -> awaitServed(rathole.get().publicPort(0), HOST, healed));
                double served = awaitServed(server.httpPort(), HOST, healed);
                row.require(served < 1000, "served " + Latencies.text(served) + " after healing");
                double otherServed = other.join();
                if (rathole.isPresent()) {
                    row.beside("cut as long: served " + Latencies.text(otherServed) + " after healing");
                }
            }
        });
    }

    private static boolean said(RunningProgram program, String what) {
        return program.err().stream().anyMatch(line -> line.contains(what));
    }

    private static void awaitServed(int port, String host) {
        awaitServed(port, host, System.nanoTime());
    }

    /// @return milliseconds since `began`
    private static double awaitServed(int port, String host, long began) {
        Awaitility.await().atMost(Duration.ofSeconds(100)).pollInterval(Duration.ofMillis(20)).until(() -> {
            try (Asker asker = new Asker("127.0.0.1", port, host, 400)) {
                return asker.ask("/").status() == 200;
            } catch (IOException e) {
                return false;
            }
        });
        return (System.nanoTime() - began) / 1e6;
    }

    @Test
    void aLossyAndANarrowLine(Table table) throws Exception {
        table.row(
                18,
                "10 % of all packets lost for 15 s; a line of 10 Mbit/s full of one download",
                "0 sessions lost, bytes exact; 50 interactive streams beside it p99 ≤ 300 ms",
                row -> {
                    lossy(row);
                    narrow(row, "cubic"); // what Linux has unless it is told, and other systems
                    narrow(row, "bbr");
                });
    }

    private void lossy(Row row) throws Exception {
        try (Namespace namespace = Namespace.open();
                Programs programs = new Programs().javaOptions("")) {
            Programs.Server server = server(programs);
            RunningProgram client = client(programs, namespace, server);
            awaitServed(server.httpPort(), HOST);
            namespace.lose();
            long end = System.nanoTime() + Duration.ofSeconds(15).toNanos();
            int exact = 0;
            int wrong = 0;
            while (System.nanoTime() < end) {
                boolean right = download(server.httpPort(), 256 << 10) == 256 << 10;
                exact += right ? 1 : 0;
                wrong += right ? 0 : 1;
            }
            namespace.heal();
            row.require(
                    wrong == 0 && exact > 0 && !said(client, "was lost") && !said(server.program(), "was lost"),
                    "lossy: " + exact + " downloads of 256 KiB exact, " + wrong + " not, sessions lost: "
                            + (said(client, "was lost") ? 1 : 0));
        }
    }

    private void narrow(Row row, String control) throws Exception {
        try (Namespace namespace = Namespace.open(control);
                Programs programs = new Programs().javaOptions("")) {
            Programs.Server server = server(programs);
            RunningProgram client = client(programs, namespace, server);
            awaitServed(server.httpPort(), HOST);
            try (Interactive interactive = new Interactive(server.httpPort())) {
                namespace.narrow("10mbit");
                Thread bulk = Thread.ofVirtual().start(() -> {
                    try {
                        download(server.httpPort(), 20 << 20);
                    } catch (IOException e) {
                        // its own affair
                    }
                });
                Latencies beginning = interactive.ask(10); // some 3 s: it fills the queue until packets are lost in a row
                Latencies all = interactive.ask(30);
                boolean busy = bulk.isAlive(); // it is broken off when the programs end
                row.require(
                        busy && all.errors() == 0 && all.p99() <= 300 && !said(client, "was lost"),
                        "narrow, " + control + ": " + all.count() + " interactive answers, " + all.errors() + " errors, median "
                                + Latencies.text(all.median()) + ", p99 " + Latencies.text(all.p99())
                                + (busy ? " while a download filled the line" : " (the download was over before)"));
                row.tell("in the 3 s in which the download began, p99 " + Latencies.text(beginning.p99()));
            }
        }
    }

    /// Fifty visitors' connections, each of which has a stream of its own already: all have asked at once.
    private static final class Interactive implements AutoCloseable {
        private static final Duration EVERY = Duration.ofMillis(200);

        private final List<Asker> askers = new ArrayList<>();

        Interactive(int port) throws Exception {
            for (int i = 0; i < 50; i++) {
                askers.add(new Asker(port, HOST));
            }
            ask(3);
        }

        Latencies ask(int times) throws InterruptedException {
            List<Long> nanos = new ArrayList<>();
            int[] errors = {0};
            List<Thread> threads = new ArrayList<>();
            for (int one = 0; one < askers.size(); one++) {
                Asker asker = askers.get(one);
                Duration turn = EVERY.multipliedBy(one).dividedBy(askers.size()); // visitors do not keep step
                threads.add(Thread.ofVirtual().start(() -> {
                    Pause.of(turn);
                    try {
                        for (int i = 0; i < times; i++) {
                            long began = System.nanoTime();
                            boolean right = asker.ask("/key").status() == 200;
                            synchronized (nanos) {
                                nanos.add(System.nanoTime() - began);
                                errors[0] += right ? 0 : 1;
                            }
                            Pause.of(EVERY);
                        }
                    } catch (IOException e) {
                        synchronized (nanos) {
                            errors[0]++;
                        }
                    }
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            return Latencies.of(nanos, errors[0]);
        }

        @Override
        public void close() throws IOException {
            for (Asker asker : askers) {
                asker.close();
            }
        }
    }

    /// How many bytes came, all of them zeros as they should be.
    private static long download(int port, int bytes) throws IOException {
        try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
            socket.setSoTimeout(30_000);
            String request = "GET /bytes/" + bytes + " HTTP/1.1\r\nHost: " + HOST + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            InputStream in = socket.getInputStream();
            byte[] all = in.readAllBytes();
            String text = new String(all, StandardCharsets.ISO_8859_1);
            int head = text.indexOf("\r\n\r\n") + 4;
            return text.startsWith("HTTP/1.1 200") && text.substring(head).chars().allMatch(one -> one == 0)
                    ? all.length - head
                    : -1;
        }
    }

    private static Programs.Server server(Programs programs) throws IOException {
        return programs.server("--bind", "127.0.0.1," + Namespace.OUTSIDE, "--access-log", "off");
    }

    /// The app's port inside the namespace.
    private static int app(Programs programs, Namespace namespace) throws IOException {
        RunningProgram app = programs.closing(new RunningProgram(AppProgram.inside(namespace)));
        return Integer.parseInt(app.awaitOut("^port (\\d+)").group(1));
    }

    private static RunningProgram client(Programs programs, Namespace namespace, Programs.Server server) throws IOException {
        int app = app(programs, namespace);
        JoinString join = Joins.read(programs.serverState().resolve("join"))
                .at(new HostPort(Namespace.OUTSIDE, server.controlPort()));
        ProcessBuilder builder = programs.builder(
                "tunnel-client",
                "--local",
                "" + app,
                "--name",
                "far",
                "--join-file",
                programs.file("far-join", join.text()).toString());
        List<String> command = new ArrayList<>(namespace.prefix());
        command.addAll(builder.command());
        return programs.closing(new RunningProgram(builder.command(command)));
    }
}
