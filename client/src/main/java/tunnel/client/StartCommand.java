package tunnel.client;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import tunnel.cli.Near;
import tunnel.cli.RefusedException;
import tunnel.cli.Version;
import tunnel.home.Home;

/// The `tunnel-client start` command.
@Command(
        name = "start",
        versionProvider = Version.class,
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Starts tunnels that the configuration file describes, each under a heading [tunnels.NAME].",
            "",
            "While it runs it looks at the file: what has changed there is applied, and the other tunnels go on."
        },
        footer = {
            "",
            "Examples:",
            "  tunnel-client start web db",
            "  tunnel-client start --all",
            "  tunnel-client start web --config ./tunnels.toml"
        })
final class StartCommand implements Callable<Integer> {
    @Parameters(arity = "0..*", paramLabel = "NAME", description = "The tunnels' names in the file; none where it has one alone.")
    private List<String> names = new ArrayList<>();

    @Option(names = "--all", description = "Start all that the file has, also those that are added later.")
    private boolean all;

    @Mixin
    private FileArguments file = new FileArguments();

    @Mixin
    private ServerArguments server = new ServerArguments();

    @Mixin
    private RunArguments run = new RunArguments();

    @Override
    public Integer call() throws IOException, RefusedException {
        ClientConfig config = file.settle();
        if (config == null) {
            throw file.usage("there is no configuration file. Write " + Home.ofThisUser().clientFile()
                    + " with a heading [tunnels.NAME] for each tunnel, or name one by --config");
        }
        ConfiguredTunnels tunnels = new ConfiguredTunnels(config, chosen(config), run.wraps());
        return run.run(server.join(), server.isPlain(), file.wishes(tunnels), tunnels);
    }

    /// @return null for all of them, whichever they will be
    private @Nullable List<String> chosen(ClientConfig config) {
        List<String> there = config.labels();
        if (there.isEmpty()) {
            throw file.usage(config.path() + " has no tunnels. Write [tunnels.web], and below it local = 4000");
        }
        if (all) {
            if (!names.isEmpty()) {
                throw file.usage("--all starts " + names.getFirst() + " too: write one or the other");
            }
            return null;
        }
        if (names.isEmpty() && there.size() == 1) {
            return there;
        }
        if (names.isEmpty()) {
            throw file.usage("which tunnels? " + config.path() + " has " + String.join(", ", there)
                    + ". Write their names, or --all");
        }
        for (String name : names) {
            if (!there.contains(name)) {
                throw unknown(name, config);
            }
        }
        return List.copyOf(new LinkedHashSet<>(names));
    }

    private ParameterException unknown(String name, ClientConfig config) {
        List<String> near = Near.to(name, config.labels());
        return file.usage("there is no tunnel '" + name + "' in " + config.path() + ", which has "
                + String.join(", ", config.labels())
                + (near.isEmpty() ? "" : ". Did you mean " + String.join(" or ", near) + "?"));
    }
}
