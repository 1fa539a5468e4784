package tunnel.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import tunnel.programs.Programs;

/// A server that is replaced by the next one, again and again, while visitors come.
@Chaos
class RestartIT {
    private static final int RESTARTS = 10;
    private static final Path MIGRATE = Path.of("/proc/sys/net/ipv4/tcp_migrate_req");

    @Test
    void plannedRestartsUnderLoad(Table table) throws Exception {
        table.row(
                16,
                "10 planned restarts (`--take-over`) under load",
                "0 failed requests where `net.ipv4.tcp_migrate_req=1`; measured without it",
                row -> {
                    if (!Files.isWritable(MIGRATE)) {
                        throw row.skip("net.ipv4.tcp_migrate_req cannot be set here");
                    }
                    String before = Files.readString(MIGRATE);
                    try {
                        Files.writeString(MIGRATE, "1");
                        Load with = restarts();
                        row.require(with.errors.get() == 0, with.text() + " with it");
                        Files.writeString(MIGRATE, "0");
                        row.tell(restarts().text() + " without it");
                    } finally {
                        Files.writeString(MIGRATE, before);
                    }
                });
    }

    private static Load restarts() throws Exception {
        try (Programs programs = new Programs().javaOptions("");
                App app = programs.closing(new App())) {
            Programs.Server server = programs.server("--access-log", "off");
            programs.client("--local", "" + app.port(), "--name", "kept");
            try (Load load = new Load(server.httpPort())) {
                for (int i = 0; i < RESTARTS; i++) {
                    load.awaitMore(100);
                    Programs.Server next = programs.server("--access-log", "off", "--take-over");
                    if (server.program().exitCode(Duration.ofSeconds(40)) != 0) {
                        throw new IOException("the old server failed: " + server.program());
                    }
                    server = next;
                }
                load.awaitMore(100);
                return load;
            }
        }
    }

    /// Visitors who come one after another, each on a connection of its own.
    private static final class Load implements AutoCloseable {
        private static final int AT_ONCE = 4;

        private final AtomicInteger answers = new AtomicInteger();
        private final AtomicInteger errors = new AtomicInteger();
        private final List<Thread> threads = new ArrayList<>();
        private volatile boolean closed;

        Load(int port) {
            for (int i = 0; i < AT_ONCE; i++) {
                threads.add(Thread.ofVirtual().name("visiting").start(() -> visit(port)));
            }
        }

        private void visit(int port) {
            while (!closed) {
                try {
                    errors.addAndGet(Asker.once(port, "kept.localhost", "/").status() == 200 ? 0 : 1);
                } catch (IOException e) {
                    errors.incrementAndGet();
                }
                answers.incrementAndGet();
            }
        }

        void awaitMore(int count) {
            int goal = answers.get() + count;
            Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> answers.get() >= goal);
        }

        String text() {
            return errors + " of " + answers + " requests failed in " + RESTARTS + " restarts";
        }

        @Override
        public void close() {
            closed = true;
            try {
                for (Thread thread : threads) {
                    thread.join();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
