package tunnel.chaos;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import tunnel.e2e.RawClient;
import tunnel.programs.Programs;

/// Strangers at the control port.
@Chaos
class ControlPortIT {
    private static final int SILENT = 1000;
    private static final Duration LASTS = Duration.ofSeconds(60);

    @Test
    void silentConnections(Table table) throws Exception {
        table.row(4, "1,000 silent connections to the control port for 60 s", "login p99 < 250 ms", row -> {
            try (Cast cast = Cast.start()) {
                Vitals before = Vitals.collected(cast.pid());
                for (int i = 0; i < 20; i++) {
                    login(cast, "127.0.4.250"); // compilers, at both ends
                }
                try (Silence silence = new Silence(cast.server().controlPort())) {
                    List<Long> logins = new ArrayList<>();
                    int failed = 0;
                    long end = System.nanoTime() + LASTS.toNanos();
                    while (System.nanoTime() < end) {
                        try {
                            logins.add(login(cast, "127.0.4.250"));
                        } catch (IOException e) {
                            failed++;
                        }
                        Pause.of(Duration.ofMillis(150));
                    }
                    Latencies all = Latencies.of(logins, failed);
                    row.require(
                            failed == 0 && all.p99() < 250,
                            "login p99 " + Latencies.text(all.p99()) + ", median " + Latencies.text(all.median()) + " ("
                                    + all.count() + ", " + failed + " failed), " + silence.open() + " open, "
                                    + silence.dialled() + " dialled");
                    row.tell("before: " + before);
                    row.tell("during: " + Vitals.of(cast.pid()));
                }
                Pause.of(Duration.ofSeconds(1));
                row.tell("after: " + Vitals.collected(cast.pid()));
            }
            rathole(row);
        });
    }

    /// How long a connection takes to be logged in.
    private static long login(Cast cast, String from) throws IOException {
        long began = System.nanoTime();
        try (RawClient client = RawClient.connect(cast.server().controlPort(), false, from)) {
            client.login(cast.join().token());
            return System.nanoTime() - began;
        }
    }

    private static void rathole(Row row) throws Exception {
        try (Programs programs = new Programs();
                App app = new App()) {
            Optional<Rathole> rathole = Rathole.start(programs, 1);
            if (rathole.isEmpty()) {
                return;
            }
            Vitals before = Vitals.of(rathole.get().pid());
            try (Swarm swarm = new Swarm(rathole.get().controlPort(), SILENT, 5, 50).reading()) {
                Pause.of(Duration.ofSeconds(8));
                long began = System.nanoTime();
                rathole.get().client(0, 1, app.port()).close();
                long ready = System.nanoTime() - began;
                row.beside("a client is ready after " + Latencies.text(ready / 1e6) + ", " + swarm.open()
                        + " of 1,000 open after 8 s, " + before + " → " + Vitals.of(rathole.get().pid()));
            }
        }
    }

    /// Keeps so many connections up that say nothing: what the server closes is dialled again.
    private static final class Silence implements AutoCloseable {
        private static final int PER_ADDRESS = 50;

        private final AtomicInteger open = new AtomicInteger();
        private final AtomicInteger dialled = new AtomicInteger();
        private final ConcurrentLinkedQueue<Socket> all = new ConcurrentLinkedQueue<>();
        private volatile boolean closed;

        Silence(int port) {
            for (int i = 0; i < SILENT; i++) {
                String from = "127.0.4." + (2 + i / PER_ADDRESS);
                Thread.ofVirtual().name("silent").start(() -> keep(port, from));
            }
        }

        private void keep(int port, String from) {
            while (!closed) {
                try (Socket socket = RawClient.silent(port, from)) {
                    all.add(socket);
                    dialled.incrementAndGet();
                    open.incrementAndGet();
                    var _ = socket.getInputStream().read();
                } catch (IOException e) {
                    // reset
                } finally {
                    open.decrementAndGet();
                }
                Pause.of(Duration.ofMillis(20));
            }
        }

        int open() {
            return open.get();
        }

        int dialled() {
            return dialled.get();
        }

        @Override
        public void close() throws IOException {
            closed = true;
            for (Socket socket : all) {
                socket.close();
            }
        }
    }
}
