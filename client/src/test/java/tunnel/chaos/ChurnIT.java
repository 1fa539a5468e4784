package tunnel.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Streams that come and go, for a long time: nothing is left of them.
@Chaos
@Timeout(value = 15, unit = java.util.concurrent.TimeUnit.MINUTES)
class ChurnIT {
    private static final int STREAMS = 20_000;
    private static final int VISITORS = 8;
    private static final int FEW = 2; // who make do with the data channels of a client at rest, so that none has to go again
    /// In the suite; `-Dchaos.churn=600` for ten minutes.
    private static final Duration LASTS = Duration.ofSeconds(Integer.getInteger("chaos.churn", 20));

    @Test
    void streamsOpenedAndClosed(Table table) throws Exception {
        table.row(
                19,
                "20,000 streams opened and closed, then " + LASTS.toSeconds() + " s of churn: answers, downloads broken off, clients that come and go",
                "descriptors and threads at baseline, heap after GC ± 5 % (or 1 MiB)",
                row -> {
                    try (Cast cast = Cast.start("--max-visitors-per-address", "9999")) {
                        streams(cast, 3000, FEW);
                        Vitals before = settled(cast, AT_REST);
                        int errors = streams(cast, STREAMS, VISITORS);
                        row.require(errors == 0, errors + " errors in 20,000");
                        int rounds = churn(cast);
                        row.tell(rounds + " rounds of churn");
                        Vitals after = settled(cast, before.descriptors() + 2);
                        row.require(after.descriptors() <= before.descriptors() + 2, "descriptors " + before.descriptors() + " → "
                                + after.descriptors());
                        row.require(
                                after.threads() <= before.threads() + 2 && after.virtual() <= before.virtual() + 4,
                                "threads " + before.threads() + " + " + before.virtual() + " virtual → " + after.threads() + " + "
                                        + after.virtual());
                        row.require(
                                after.heap() - before.heap() <= Math.max(1024, before.heap() / 20),
                                "heap " + before.heap() + " KiB → " + after.heap() + " KiB");
                        row.tell("resident " + (before.rss() >> 10) + " → " + (after.rss() >> 10) + " MiB");
                    }
                });
    }

    /// A stream each, for the answer says that the connection ends.
    private static int streams(Cast cast, int count, int visitors) throws InterruptedException {
        AtomicInteger left = new AtomicInteger(count);
        AtomicInteger errors = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < visitors; i++) {
            threads.add(Thread.ofVirtual().start(() -> {
                while (left.getAndDecrement() > 0) {
                    try {
                        errors.addAndGet(Asker.once(cast.server().httpPort(), Cast.VICTIM, "/close").status() == 200 ? 0 : 1);
                    } catch (Exception e) {
                        errors.incrementAndGet();
                    }
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return errors.get();
    }

    private static int churn(Cast cast) throws Exception {
        long end = System.nanoTime() + LASTS.toNanos();
        int rounds = 0;
        while (System.nanoTime() < end) {
            rounds++;
            streams(cast, 200, FEW); // and the data channels of the many go meanwhile
            for (int i = 0; i < 10; i++) {
                try (Asker asker = new Asker(cast.server().httpPort(), Cast.VICTIM)) {
                    asker.send("/bytes/" + (4 << 20)); // and leaves
                }
            }
            try (LightClient passing = new LightClient(cast.join(), "passing" + rounds % 3, cast.app().port())) {
                passing.awaitAddress();
            }
        }
        return rounds;
    }

    /// When what a burst has left has gone: idle data channels above those at rest, parked connections. And stays so: channels
    /// that were lost with a broken download are missing for a moment, and then there again.
    private static Vitals settled(Cast cast, long atRest) throws Exception {
        Awaitility.await()
                .pollInterval(Duration.ofMillis(500))
                .during(Duration.ofSeconds(6)) // longer than a tick of the pool
                .atMost(Duration.ofSeconds(90))
                .until(() -> Vitals.of(cast.pid()).descriptors() <= atRest);
        Pause.of(Duration.ofSeconds(1));
        return Vitals.collected(cast.pid());
    }

    /// With no visitors: two clients with four idle data channels each, their tunnels' ports, and what a JVM has open.
    private static final long AT_REST = 40;
}
