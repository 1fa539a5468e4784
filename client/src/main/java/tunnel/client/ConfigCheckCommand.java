package tunnel.client;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tunnel.cli.Version;
import tunnel.config.Problem;
import tunnel.home.Home;

/// The `tunnel-client config check` command.
@Command(
        name = "check",
        versionProvider = Version.class,
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Says all that is wrong in the configuration file, each with its line and column. Starts nothing.",
            "",
            "The file is client.toml in $XDG_CONFIG_HOME/tunnel or ~/.config/tunnel, unless --config or TUNNEL_CONFIG names"
                    + " another."
        },
        footer = {
            "",
            "Examples:",
            "  tunnel-client config check",
            "  tunnel-client config check --config ./client.toml",
            "",
            "Exit codes: 0 it is good, 1 it cannot be read, 2 something in it is wrong."
        })
final class ConfigCheckCommand implements Callable<Integer> {
    @Mixin
    private FileArguments file = new FileArguments();

    @Override
    public Integer call() throws IOException {
        ClientConfig config = file.file();
        if (config == null) {
            throw new IOException("there is no configuration file " + Home.ofThisUser().clientFile() + ". Name another by --config");
        }
        List<Problem> problems = config.problems();
        problems.forEach(System.err::println);
        if (!problems.isEmpty()) {
            return CommandLine.ExitCode.USAGE;
        }
        config.warnIfOpen(System.err);
        List<String> tunnels = config.labels();
        System.out.println(config.path() + " is good: "
                + (tunnels.isEmpty() ? "no tunnels" : "tunnels " + String.join(", ", tunnels)));
        return 0;
    }
}
