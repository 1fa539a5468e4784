package tunnel.chaos;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import tunnel.programs.Programs;

/// Visitors who take their time.
@Chaos
class VisitorsIT {
    private static final int SLOW = 2000;
    private static final int READERS = 500;
    private static final int WARM = 3000;
    private static final Duration MOST = Duration.ofSeconds(35);
    /// What the kernel queues for one connection beyond what was sent, as docs/operations.md advises.
    private static final String UNSENT = "net.ipv4.tcp_notsent_lowat";
    private static final String UNSENT_BYTES = "131072";
    private static final String BODY = "/bytes/" + (16 << 20);

    @Test
    void slowHeads(Table table) throws Exception {
        table.row(5, "2,000 visitors that send a byte of their heads each second", "innocent; all closed within 11 s", row -> {
            try (Cast cast = Cast.start()) {
                Innocent innocent = cast.innocent();
                Vitals before = Vitals.collected(cast.pid());
                innocent.begin();
                try (Swarm swarm = slow(cast.server().httpPort(), 6)) {
                    dribble(swarm, Duration.ofSeconds(9));
                    row.tell("during: " + swarm.open() + " open, " + Vitals.of(cast.pid()));
                    dribble(swarm, Duration.ofSeconds(12));
                    row.require(
                            swarm.open() == 0 && swarm.lastEnd().toMillis() < 11_000 + swarm.connected().toMillis(),
                            "the last one closed " + Latencies.text(swarm.lastEnd())
                                    + " after the first connected, " + Latencies.text(swarm.connected())
                                    + " of which took connecting; " + swarm.open() + " left");
                    innocent.end(row);
                }
                row.tell("before: " + before);
                row.tell("after: " + Vitals.collected(cast.pid()));
            }
            onRathole((rathole, app) -> {
                try (Innocent innocent = innocent(rathole, app);
                        Swarm swarm = slow(rathole.publicPort(0), 7)) {
                    innocent.begin();
                    dribble(swarm, Duration.ofSeconds(12));
                    row.beside(innocent.told() + ", " + swarm.open() + " of 2,000 open after 12 s (it knows no heads), "
                            + Vitals.of(rathole.pid()));
                }
            });
        });
    }

    private static Swarm slow(int port, int network) throws Exception {
        Swarm swarm = new Swarm(port, SLOW, network, 200).reading();
        swarm.send("GET / HTTP/1.1\r\nHost: " + Cast.VICTIM + "\r\nX-Slow: ");
        return swarm;
    }

    private static void dribble(Swarm swarm, Duration until) {
        while (swarm.age().compareTo(until) < 0 && swarm.open() > 0) {
            swarm.send("y");
            Pause.of(Duration.ofSeconds(1));
        }
    }

    /// Of another service of the same rathole.
    private static Innocent innocent(Rathole rathole, App app) throws IOException {
        return new Innocent(
                new Probe("127.0.0.1", rathole.publicPort(1), "innocent"), new Probe("127.0.0.1", app.port(), "direct"));
    }

    @Test
    void visitorsThatNeverRead(Table table) throws Exception {
        table.row(
                6,
                "500 visitors that ask for 16 MiB each and never read",
                "resident memory grows < 64 MiB, threads back to baseline within 35 s",
                row -> {
                    if (!Sysctl.isWritable(UNSENT)) {
                        throw row.skip(UNSENT + " cannot be set here");
                    }
                    try (Sysctl _ = new Sysctl(UNSENT).set(UNSENT_BYTES);
                            Cast cast = Cast.start()) {
                        for (int i = 0; i < WARM; i++) { // a server that has served before
                            Asker.once(cast.server().httpPort(), Cast.VICTIM, "/");
                        }
                        Innocent innocent = cast.innocent();
                        Vitals before = Vitals.collected(cast.pid());
                        innocent.begin();
                        long baseline = Vitals.visitors(cast.pid()) + 1; // the innocent's come and go
                        try (Swarm swarm = new Swarm()) {
                            for (int i = 0; i < READERS; i++) { // no faster than data channels come, or some have a 504 instead
                                swarm.connect(cast.server().httpPort(), 8, 200, 4096);
                                swarm.send(i, "GET " + BODY + " HTTP/1.1\r\nHost: " + Cast.VICTIM + "\r\n\r\n");
                                int least = i - 20;
                                Awaitility.await()
                                        .atMost(Duration.ofSeconds(20))
                                        .pollInterval(Duration.ofMillis(1))
                                        .until(() -> cast.app().bulks() > least);
                            }
                            Awaitility.await()
                                    .atMost(Duration.ofSeconds(60))
                                    .until(() -> cast.app().bulks() == READERS);
                            Awaitility.await() // until all buffers are full
                                    .atMost(Duration.ofSeconds(60))
                                    .until(() -> cast.app().sinceLastSent().toMillis() > 2000);
                            Vitals during = Vitals.of(cast.pid());
                            row.tell("during: " + during);
                            row.require(during.rss() - before.rss() < 64 << 10, "resident memory grew by "
                                    + ((during.rss() - before.rss()) >> 10) + " MiB");
                            long left = Vitals.visitors(cast.pid());
                            while (left > baseline && cast.app().sinceLastSent().compareTo(MOST) < 0) {
                                Pause.of(Duration.ofSeconds(2)); // a look costs as much processor time as the attack
                                left = Vitals.visitors(cast.pid());
                            }
                            Duration givenUp = cast.app().sinceLastSent();
                            row.require(
                                    left <= baseline && givenUp.compareTo(MOST) < 0,
                                    left + " visitors' threads, " + baseline + " before, " + Latencies.text(givenUp)
                                            + " after the last byte that was taken");
                        }
                        innocent.endServed(row); // how fast is told: this row is about memory and threads
                        row.tell("before: " + before);
                        row.tell("after: " + Vitals.collected(cast.pid()));
                    }
                    onRathole((rathole, app) -> {
                        Vitals before = Vitals.of(rathole.pid());
                        try (Innocent innocent = innocent(rathole, app);
                                Swarm swarm = new Swarm()) {
                            innocent.begin();
                            for (int i = 0; i < READERS; i++) {
                                swarm.connect(rathole.publicPort(0), 9, 200, 4096);
                            }
                            swarm.send("GET " + BODY + " HTTP/1.1\r\nHost: any\r\n\r\n");
                            Pause.of(Duration.ofSeconds(37));
                            row.beside(innocent.told() + ", " + before + " → after 37 s " + Vitals.of(rathole.pid()));
                        }
                    });
                });
    }

    @FunctionalInterface
    private interface Attack {
        void on(Rathole rathole, App app) throws Exception;
    }

    /// The same attack beside ours, where rathole is installed.
    private static void onRathole(Attack attack) throws Exception {
        try (Programs programs = new Programs();
                App app = programs.closing(new App())) {
            Optional<Rathole> rathole = Rathole.start(programs, 2);
            if (rathole.isPresent()) {
                rathole.get().client(0, 2, app.port());
                attack.on(rathole.get(), app);
            }
        }
    }
}
