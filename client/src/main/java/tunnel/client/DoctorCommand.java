package tunnel.client;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tunnel.cli.HelpGroup;
import tunnel.cli.Version;
import tunnel.doctor.Doctor;
import tunnel.local.Local;
import tunnel.log.Logging;

/// The `tunnel-client doctor` command.
@Command(
        name = "doctor",
        versionProvider = Version.class,
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Checks all that a tunnel needs, from this computer to the server and back by the public addresses, and says what to do"
                    + " about whatever fails.",
            "",
            "It opens a tunnel of its own for a moment, with a name that the server chooses."
        },
        footer = {
            "",
            "Examples:",
            "  tunnel-client doctor",
            "  tunnel-client doctor --local 4000            and the app itself",
            "  tunnel-client doctor --join-file ./join      before 'login'",
            "",
            "Exit codes: 0 all is well, 1 something fails, 2 wrong usage."
        })
final class DoctorCommand implements Callable<Integer> {
    @HelpGroup("Checks")
    @Option(
            names = "--local",
            paramLabel = "[HOST:]PORT|URL|FOLDER",
            converter = TunnelArguments.LocalParsing.class,
            description = "See whether this local service answers, too.")
    private @Nullable Local local;

    @HelpGroup("Checks")
    @Option(names = "--json", description = "Print a JSON object for programs, when all is done.")
    private boolean json;

    @Mixin
    private ServerArguments server = new ServerArguments();

    @Mixin
    private FileArguments file = new FileArguments();

    @Override
    public Integer call() throws IOException {
        var _ = file.settle();
        Logging.off(); // it says all itself
        Doctor doctor = new Doctor(System.out, json);
        MachineChecks.all(local).forEach(doctor::check);
        try (ServerChecks checks = new ServerChecks(server, doctor)) {
            checks.run();
        }
        return doctor.end();
    }
}
