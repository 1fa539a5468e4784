package tunnel.server;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import tunnel.admin.AdminClient;
import tunnel.admin.Facts;
import tunnel.cli.PathParsing;
import tunnel.cli.Version;
import tunnel.doctor.Check;
import tunnel.doctor.Doctor;
import tunnel.doctor.Verdict;
import tunnel.log.Logging;
import tunnel.protocol.VersionRange;

/// The `tunnel-server doctor` command.
@Command(
        name = "doctor",
        versionProvider = Version.class,
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Checks all that a server needs on this machine, and says what to do about whatever fails.",
            "",
            "A server that runs tells its own settings. Before the first start, write the options that it is to have before the"
                    + " word 'doctor'. Whether visitors and clients get here from elsewhere, 'tunnel-client doctor' sees."
        },
        footer = {
            "",
            "Examples:",
            "  tunnel-server doctor",
            "  tunnel-server doctor --state-dir /var/lib/tunnel-server",
            "  tunnel-server --domain tunnel.example.com --http-port 80 doctor",
            "",
            "Exit codes: 0 all is well, 1 something fails, 2 wrong usage."
        })
final class DoctorCommand implements Callable<Integer> {
    @ParentCommand
    private @Nullable ServerCommand server;

    @Option(names = "--json", description = "Print a JSON object for programs, when all is done.")
    private boolean json;

    @Option(
            names = "--state-dir",
            paramLabel = "DIR",
            converter = PathParsing.class,
            description = "The server's state directory. Default: tunnel-server in $XDG_STATE_HOME or in ~/.local/state.")
    private @Nullable Path stateDirectory;

    @Override
    public Integer call() throws IOException {
        if (server == null) {
            throw new IllegalStateException("not made by picocli");
        }
        ServerSettings settings = server.mergedSettings();
        Logging.off(); // it says all itself
        Path folder = stateDirectory != null ? stateDirectory : settings.stateDirectory();
        Facts running = running(folder);
        Doctor doctor = new Doctor(System.out, json);
        doctor.check(new Check("versions", () -> versions(running)));
        doctor.check(new Check("running server", () -> state(running)));
        StateChecks.all(folder).forEach(doctor::check);
        Seen seen = Seen.of(settings, running);
        NetworkChecks.all(seen).forEach(doctor::check);
        SystemChecks.all(seen).forEach(doctor::check);
        return doctor.end();
    }

    /// What the server says of itself that runs with the folder, or null.
    private static @Nullable Facts running(Path folder) {
        try (AdminClient running = AdminClient.connect(folder)) {
            return running == null
                    ? null
                    : StatusReport.parse(running.ask(List.of(ServerStatus.NAME))).server();
        } catch (IOException e) {
            return null; // the state directory's own check says why, if it is a matter of permissions
        }
    }

    private static Verdict versions(@Nullable Facts running) {
        String found = "tunnel-server " + Version.number() + ", protocol " + VersionRange.OURS + ", Java " + Runtime.version() + " ("
                + System.getProperty("java.vendor") + ")";
        return running == null || running.text("version").equals(Version.number())
                ? Verdict.ok(found)
                : Verdict.note(
                        found + "; the server that runs is " + running.text("version"),
                        "Restart it for this version, or take its place with --take-over");
    }

    private static Verdict state(@Nullable Facts running) {
        return running == null
                ? Verdict.ok("none runs with this state directory, or it does not answer")
                : Verdict.ok("process " + running.text("pid") + ", " + running.text("state"));
    }
}
