package tunnel.chaos;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import tunnel.programs.Programs;

/// A server that is replaced by the next one, again and again, while visitors come.
@Chaos
class RestartIT {
    private static final int RESTARTS = 10;
    private static final int AT_ONCE = 4;
    private static final String MIGRATE = "net.ipv4.tcp_migrate_req";

    @Test
    void plannedRestartsUnderLoad(Table table) throws Exception {
        table.row(
                16,
                "10 planned restarts (`--take-over`) under load",
                "0 failed requests where `net.ipv4.tcp_migrate_req=1`; measured without it",
                row -> {
                    if (!Sysctl.isWritable(MIGRATE)) {
                        throw row.skip(MIGRATE + " cannot be set here");
                    }
                    try (Sysctl migrate = new Sysctl(MIGRATE)) {
                        migrate.set("1");
                        Visiting with = restarts();
                        row.require(with.errors() == 0, text(with) + " with it");
                        migrate.set("0");
                        row.tell(text(restarts()) + " without it");
                    }
                });
    }

    private static Visiting restarts() throws Exception {
        try (Programs programs = new Programs().javaOptions("");
                App app = programs.closing(new App())) {
            Programs.Server server = programs.server("--access-log", "off");
            programs.client("--local", "" + app.port(), "--name", "kept");
            try (Visiting load = Visiting.fresh(server.httpPort(), "kept.localhost", AT_ONCE)) {
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

    private static String text(Visiting load) {
        return load.errors() + " of " + load.answers() + " requests failed in " + RESTARTS + " restarts";
    }
}
