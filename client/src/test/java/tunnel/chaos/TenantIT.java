package tunnel.chaos;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/// One tenant who takes as much as there is.
@Chaos
class TenantIT {
    /// Of one client's process, which has two descriptors for each, as the server and this JVM have.
    private static final int PARKED = 4000;
    private static final int UNDER_WAY = 30;

    @Test
    void parkedDataChannels(Table table) throws Exception {
        table.row(
                10,
                "4,000 data channels of one tenant on which nothing comes",
                "innocent",
                row -> {
                    try (Cast cast = Cast.start("--plain", "--max-visitors-per-tunnel", "9000")) {
                        Innocent innocent = cast.innocent();
                        Vitals before = Vitals.collected(cast.pid());
                        innocent.begin();
                        try (Swarm swarm = new Swarm()) {
                            for (int i = 0; i < PARKED; i++) {
                                swarm.connect(cast.server().httpPort(), 10, 200, 0);
                                swarm.send(i, "GET /never HTTP/1.1\r\nHost: " + Cast.VICTIM + "\r\n\r\n");
                                int least = i - UNDER_WAY;
                                if (i % 10 == 0) {
                                    Awaitility.await()
                                            .pollInterval(Duration.ofMillis(2))
                                            .atMost(Duration.ofSeconds(20))
                                            .until(() -> cast.app().waiting() > least);
                                }
                            }
                            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> cast.app().waiting() == PARKED);
                            row.tell("all there after " + Latencies.text(swarm.age()));
                            Pause.of(Duration.ofSeconds(5));
                            innocent.end(row);
                            row.tell("during: " + Vitals.collected(cast.pid()));
                        }
                        Pause.of(Duration.ofSeconds(3));
                        row.tell("before: " + before);
                        row.tell("after: " + Vitals.collected(cast.pid()));
                    }
                });
    }
}
