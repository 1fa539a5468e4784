package tunnel.client;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tunnel.cli.RefusedException;
import tunnel.cli.Strays;
import tunnel.cli.Version;
import tunnel.home.Home;
import tunnel.local.Local;

/// What `tunnel-client` does when it is told of a local service and of no command: opens a tunnel to it. A class of its own, as a
/// start without the models of all commands takes a tenth less time.
@Command(
        name = "tunnel-client",
        versionProvider = Version.class,
        mixinStandardHelpOptions = true,
        sortOptions = false,
        synopsisSubcommandLabel = "[COMMAND] [-- PROGRAM...]",
        description = {
            "Gives a web app on this computer a public address, by way of a tunnel-server. Prints the address on standard"
                    + " output when it works; everything else goes to standard error."
        },
        footer = {
            "",
            "The server is found by --join-file, else by what 'tunnel-client login' saved, else by the join file of a"
                    + " tunnel-server of the same user on this machine.",
            "",
            "What is not typed is taken from the environment, as TUNNEL_SERVER for --server, else from ~/.config/tunnel/client.toml."
                    + " Tunnels have their names there: see 'tunnel-client start --help'.",
            "",
            "Examples:",
            "  tunnel-client --local 4000                     any free name",
            "  tunnel-client --local 4000 --name blue-otter   this name or none",
            "  tunnel-client --local ./dist                   a folder",
            "  tunnel-client --local 5173 --host-header rewrite",
            "                                                 a dev server, as of Vite",
            "  tunnel-client --local 5432 --protocol tcp      any TCP service",
            "  tunnel-client --local 4000 -- npm run dev      the app is started too",
            "  tunnel-client start web db                     what the configuration file has",
            "",
            "Exit codes: 0 stopped by a signal, 1 failed, 2 wrong usage, 3 refused by the server."
                    + " With a command behind -- that of the command; 127 where there is no such program."
        })
class OpenCommand implements Callable<Integer>, Strays.Advisor {
    @Mixin
    private TunnelArguments tunnel = new TunnelArguments();

    @Mixin
    private ServerArguments server = new ServerArguments();

    @Mixin
    private FileArguments file = new FileArguments();

    @Mixin
    private RunArguments run = new RunArguments();

    private final List<String> wrapped;

    /// @param wrapped the program behind `--`, or empty
    OpenCommand(List<String> wrapped) {
        this.wrapped = wrapped;
    }

    List<String> wrapped() {
        return wrapped;
    }

    /// Who types a port and nothing else means the local service.
    @Override
    public @Nullable String instead(String word) {
        try {
            var _ = Local.parse(word, Home.ofThisUser());
            return "--local " + word;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    @Override
    public Integer call() throws IOException, RefusedException {
        run.check();
        ClientSettings.Wish wish = tunnel.isGiven() ? tunnel.wish(run.wraps()) : null; // what is typed wrong is told first
        ClientConfig config = file.settle();
        if (wish == null && config != null && !config.labels().isEmpty()) {
            return start(config);
        }
        wish = wish == null ? tunnel.wish(run.wraps()) : wish;
        return run.run(server.join(), server.isPlain(), List.of(wish));
    }

    /// With nothing said of a tunnel, the only one of the file is meant.
    private int start(ClientConfig config) throws IOException, RefusedException {
        List<String> labels = config.labels();
        if (labels.size() > 1) {
            throw file.usage("which local service? Give its port, as in --local 4000, or start what " + config.path()
                    + " has: tunnel-client start " + String.join(" ", labels));
        }
        ConfiguredTunnels tunnels = new ConfiguredTunnels(config, labels, run.wraps());
        return run.run(server.join(), server.isPlain(), file.wishes(tunnels), tunnels);
    }
}
