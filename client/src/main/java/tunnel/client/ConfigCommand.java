package tunnel.client;

import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tunnel.cli.Version;

/// The `tunnel-client config` command, which is nothing without one of its own.
@Command(
        name = "config",
        versionProvider = Version.class,
        mixinStandardHelpOptions = true,
        subcommands = ConfigCheckCommand.class,
        description = "Looks at the configuration file.")
final class ConfigCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(Objects.requireNonNull(spec).commandLine(), "what is to be done? Write check");
    }
}
