package tunnel.chaos;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;
import tunnel.e2e.RawClient;
import tunnel.programs.Programs;
import tunnel.programs.RunningProgram;
import tunnel.protocol.Frame;
import tunnel.protocol.JoinString;
import tunnel.protocol.Token;

/// A state directory whose disk is full, and a clock that jumps.
@Chaos
class StateIT {
    private static final String HOST = "kept.localhost";
    private static final int MOST_NAMES = 500; // some lines of the journal: a block of the disk has 4 KiB

    @Test
    void aFullDiskAndAClockThatJumps(Table table) throws Exception {
        table.row(
                20,
                "disk full while clients come and go and the server is killed; clock jumps of 1 h",
                "no lease lost, no false timeout",
                row -> {
                    int errors = JumpingClock.errors(12, Duration.ofMillis(500)); // longer than a heartbeat
                    row.require(errors == 0, errors + " errors across jumps of +1 h, −2 h, +1 h");
                    try (Programs programs = new Programs().javaOptions("");
                            App app = programs.closing(new App());
                            SmallDisk disk = SmallDisk.mount(programs.path("disk"))) {
                        fullDisk(row, programs, app, disk);
                    }
                });
    }

    private static void fullDisk(Row row, Programs programs, App app, SmallDisk disk) throws Exception {
        Path state = disk.folder().resolve("state");
        Programs.Server server = server(programs, state);
        Path join = state.resolve("join");
        RunningProgram add =
                programs.start("tunnel-server", "token", "add", "foreign", "--names", "*", "--state-dir", state.toString());
        Token foreign = JoinString.parse(add.awaitOut("^(tunnel://\\S+)").group(1)).token();
        RunningProgram client = client(programs, app, join);
        disk.fill();
        row.require(status(server) == 200, "a tunnel goes on when the disk is full");
        client.kill();
        RunningProgram again = client(programs, app, join);
        row.require(status(server) == 200, "its client is started again and has its name");
        int fit = namesThatFit(server.controlPort(), foreign);
        row.require(fit < MOST_NAMES, "a new name is refused when the journal's last block is full, by " + fit);
        row.require(status(server) == 200, "the tunnel goes on meanwhile");

        again.kill();
        server.program().kill();
        Programs.Server next = server(
                programs, state, "--control-port", "" + server.controlPort(), "--http-port", "" + server.httpPort());
        row.require(!canHave(next.controlPort(), foreign, "kept"), "after a kill its name is not given away");
        disk.free(); // the next client's public port is another one, which has to be saved
        client(programs, app, join);
        row.require(status(next) == 200, "and it has it again when the disk has room");
        row.require(canHave(next.controlPort(), foreign, "new-one"), "as others have new names");
    }

    private static Programs.Server server(Programs programs, Path state, String... options) throws IOException {
        List<String> all = new ArrayList<>(List.of("--state-dir", state.toString(), "--access-log", "off"));
        all.addAll(List.of(options));
        return programs.server(all.toArray(String[]::new));
    }

    private static RunningProgram client(Programs programs, App app, Path join) throws IOException {
        return programs.client("--local", "" + app.port(), "--name", "kept", "--join-file", join.toString());
    }

    private static int status(Programs.Server server) throws IOException {
        return Asker.once(server.httpPort(), HOST, "/").status();
    }

    /// How many new names are given away until one is refused because it cannot be saved.
    private static int namesThatFit(int controlPort, Token token) throws IOException {
        try (RawClient client = RawClient.connect(controlPort, false)) {
            client.login(token);
            for (int i = 0; i < MOST_NAMES; i++) {
                client.askFor(i + 1, "new-" + i);
                if (client.tunnelAnswer() instanceof Frame.Reject reject) {
                    if (reject.message().contains("cannot save")) {
                        return i;
                    }
                    throw new IOException("refused for another reason: " + reject.message());
                }
            }
        }
        return MOST_NAMES;
    }

    private static boolean canHave(int controlPort, Token token, String name) throws IOException {
        try (RawClient client = RawClient.connect(controlPort, false)) {
            client.login(token);
            client.askFor(1, name);
            return client.tunnelAnswer() instanceof Frame.Assigned;
        }
    }

    /// A disk of 512 KiB.
    private record SmallDisk(Path folder) implements AutoCloseable {
        static SmallDisk mount(Path folder) throws IOException, InterruptedException {
            Files.createDirectory(folder);
            if (run("mount", "-t", "tmpfs", "-o", "size=512k,mode=0700", "none", folder.toString()) != 0) {
                throw new TestAbortedException("no tmpfs can be mounted here");
            }
            return new SmallDisk(folder);
        }

        void fill() throws IOException {
            try (OutputStream all = Files.newOutputStream(folder.resolve("filler"))) {
                while (true) {
                    all.write("x".repeat(512).getBytes(StandardCharsets.US_ASCII));
                }
            } catch (IOException full) {
                // that is what it is for
            }
        }

        void free() throws IOException {
            Files.delete(folder.resolve("filler"));
        }

        private static int run(String... command) throws IOException, InterruptedException {
            return new ProcessBuilder(command).inheritIO().start().waitFor();
        }

        @Override
        public void close() throws IOException {
            try {
                run("umount", "-l", folder.toString()); // programs in it are stopped after this
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
