package tunnel.chaos;

import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import tunnel.programs.Programs;

/// A server that may have few files open, and more visitors than that.
@Chaos
class DescriptorsChaosIT {
    private static final int FLOOD = 5000;

    @Test
    void moreConnectionsThanDescriptors(Table table) throws Exception {
        table.row(
                9,
                "`ulimit -n 1024` and 5,000 visitors' connections that stay",
                "running streams 0 errors, accepting again within 2 s",
                row -> {
                    try (Programs programs = new Programs().javaOptions("");
                            App app = programs.closing(new App())) {
                        Programs.Server server = programs.serverWithFiles(
                                1024, "--max-visitors-per-address", "9999", "--access-log", "off");
                        programs.client("--local", "" + app.port(), "--name", "kept");
                        Vitals before = Vitals.collected(server.program().pid());
                        try (Visiting kept = Visiting.kept(server.httpPort(), "kept.localhost", 10)) {
                            kept.awaitAnswers(100);
                            List<Socket> flood = new ArrayList<>();
                            try {
                                for (int i = 0; i < FLOOD; i++) {
                                    flood.add(new Socket(InetAddress.ofLiteral("127.0.0.1"), server.httpPort()));
                                }
                                int answered = kept.answers();
                                Pause.of(Duration.ofSeconds(3));
                                row.require(kept.answers() > answered, "running: " + (kept.answers() - answered)
                                        + " answers in 3 s of the flood");
                                row.tell("during: " + Vitals.of(server.program().pid()));
                            } finally {
                                for (Socket socket : flood) {
                                    socket.close();
                                }
                            }
                            long over = System.nanoTime();
                            Awaitility.await()
                                    .atMost(Duration.ofSeconds(20))
                                    .pollInterval(Duration.ofMillis(10))
                                    .ignoreExceptions()
                                    .until(() -> Asker.once(server.httpPort(), "kept.localhost", "/new").status() == 200);
                            double again = (System.nanoTime() - over) / 1e6;
                            row.require(again < 2000, "a new visitor is served " + Latencies.text(again) + " after it");
                            row.require(kept.errors() == 0, kept.errors() + " errors in " + kept.answers()
                                    + " requests of running connections");
                        }
                        row.tell("before: " + before);
                        row.tell("after: " + Vitals.collected(server.program().pid()));
                    }
                });
    }
}
