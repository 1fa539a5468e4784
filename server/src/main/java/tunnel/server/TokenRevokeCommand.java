package tunnel.server;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tunnel.cli.Version;
import tunnel.server.tokens.NamedToken;

/// The `tunnel-server token revoke` command.
@Command(
        name = "revoke",
        versionProvider = Version.class,
        mixinStandardHelpOptions = true,
        description = "Forgets a token and ends its sessions at once. Its clients do not come back. When it is the first token, the"
                + " join file goes too, and the server makes a new first one when it starts next.",
        footer = {
            "",
            "Examples:",
            "  tunnel-server token revoke ann"
        })
final class TokenRevokeCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "NAME", description = "The token's name.")
    private String name = "";

    @Mixin
    private final TokenState state = new TokenState();

    @Override
    public Integer call() throws IOException {
        try {
            NamedToken.checkName(name);
        } catch (IllegalArgumentException e) {
            if (spec == null) {
                throw new IllegalStateException("not made by picocli", e);
            }
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
        List<List<String>> answer = state.ask(List.of(TokenAdmin.REVOKE, name));
        System.err.println("token " + name + " is revoked; sessions ended: " + answer.getFirst().getFirst());
        return 0;
    }
}
