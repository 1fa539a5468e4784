package tunnel.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tunnel.doctor.Check;
import tunnel.doctor.Verdict;

/// What `doctor` looks at in the system's own settings.
final class SystemChecks {
    private static final long FEW_VISITORS = 500; // one page that is talked about
    private static final int BACKLOG = 4096;
    private static final Path SYSCTL = Path.of("/proc/sys/net");

    private SystemChecks() {}

    static List<Check> all(Seen seen) {
        return List.of(
                new Check("open files", () -> openFiles(seen.visitors(), seen.options().limits().visitors().most(), seen.running())),
                new Check("bursts", () -> backlog(SYSCTL.resolve("core/somaxconn"))),
                new Check("upgrades", () -> migration(SYSCTL.resolve("ipv4/tcp_migrate_req"))));
    }

    /// Room for visitors.
    ///
    /// @param most visitors that there is room for
    /// @param wanted visitors
    static Verdict openFiles(long most, long wanted, boolean running) {
        String found = "enough for " + most + " visitors at once";
        if (most >= wanted) {
            return Verdict.ok(found);
        }
        String fix = "Raise the limit of open files " + (running ? "of the server's unit, by LimitNOFILE=65536, and restart it"
                        : "before the start, by ulimit -n 65536, or LimitNOFILE=65536 in its unit")
                + "; or ask for fewer with --max-visitors";
        return most < FEW_VISITORS
                ? Verdict.fail(found + ", not the " + wanted + " wanted", fix)
                : Verdict.note(found + ", not the " + wanted + " wanted", fix);
    }

    private static Verdict backlog(Path setting) throws IOException {
        if (!Files.isReadable(setting)) {
            return Verdict.skipped("this system does not say how many connections may wait");
        }
        int most = Integer.parseInt(Files.readString(setting).strip());
        return most >= BACKLOG
                ? Verdict.ok(most + " connections may wait at a port")
                : Verdict.note(
                        most + " connections may wait at a port, and the server would let " + BACKLOG, "sysctl net.core.somaxconn=" + BACKLOG);
    }

    static Verdict migration(Path setting) throws IOException {
        if (!Files.isReadable(setting)) {
            return Verdict.skipped("this system cannot move waiting connections from one server to the next");
        }
        return Files.readString(setting).strip().equals("0")
                ? Verdict.note(
                        "--take-over may lose connections that the old server has yet to accept", "sysctl net.ipv4.tcp_migrate_req=1")
                : Verdict.ok("--take-over loses no connection");
    }
}
