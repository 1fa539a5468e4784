package tunnel.server;

import picocli.CommandLine.Command;
import tunnel.cli.CommandGroup;
import tunnel.cli.Version;

/// The `tunnel-server token` command, which is nothing without one of its own.
@Command(
        name = "token",
        versionProvider = Version.class,
        mixinStandardHelpOptions = true,
        subcommands = {TokenAddCommand.class, TokenListCommand.class, TokenRevokeCommand.class},
        description = "Adds, lists and revokes tokens, while the server runs and while it does not.")
final class TokenCommand extends CommandGroup {}
