package tunnel.server;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tunnel.cli.Version;

/// The `tunnel-server token` command, which is nothing without one of its own.
@Command(
        name = "token",
        versionProvider = Version.class,
        mixinStandardHelpOptions = true,
        subcommands = {TokenAddCommand.class, TokenListCommand.class, TokenRevokeCommand.class},
        description = "Adds, lists and revokes tokens, while the server runs and while it does not.")
final class TokenCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        if (spec == null) {
            throw new IllegalStateException("not made by picocli");
        }
        throw new ParameterException(spec.commandLine(), "what is to be done? Write add, list or revoke");
    }
}
