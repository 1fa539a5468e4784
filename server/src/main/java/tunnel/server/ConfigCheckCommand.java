package tunnel.server;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tunnel.cli.Version;
import tunnel.config.ConfigArguments;
import tunnel.config.Problem;
import tunnel.config.Setting;
import tunnel.home.Home;

/// The `tunnel-server config check` command.
@Command(
        name = "check",
        versionProvider = Version.class,
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Says all that is wrong in the configuration file, each with its line and column. Starts nothing.",
            "",
            "The file is /etc/tunnel/server.toml, unless --config or TUNNEL_CONFIG names another."
        },
        footer = {
            "",
            "Examples:",
            "  tunnel-server config check",
            "  tunnel-server config check --config ./server.toml",
            "",
            "Exit codes: 0 it is good, 1 it cannot be read, 2 something in it is wrong."
        })
final class ConfigCheckCommand implements Callable<Integer> {
    @Mixin
    private ConfigArguments config = new ConfigArguments();

    @Override
    public Integer call() throws IOException {
        ServerConfig found = ServerConfig.find(config);
        if (found == null) {
            throw new IOException("there is no configuration file " + Home.SERVER_FILE + ". Name another by --config");
        }
        List<Problem> problems = found.problems();
        problems.forEach(System.err::println);
        if (!problems.isEmpty()) {
            return CommandLine.ExitCode.USAGE;
        }
        List<String> keys = found.file().top().settings().stream().map(Setting::key).toList();
        System.out.println(found.file().path() + " is good: " + (keys.isEmpty() ? "it says nothing" : String.join(", ", keys)));
        return 0;
    }
}
