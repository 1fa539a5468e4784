package tunnel.server;

import picocli.CommandLine.Command;
import tunnel.cli.CommandGroup;
import tunnel.cli.Version;

/// The `tunnel-server config` command, which is nothing without one of its own.
@Command(
        name = "config",
        versionProvider = Version.class,
        mixinStandardHelpOptions = true,
        subcommands = ConfigCheckCommand.class,
        description = "Looks at the configuration file.")
final class ConfigCommand extends CommandGroup {}
