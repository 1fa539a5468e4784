package tunnel.server;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tunnel.cli.Columns;
import tunnel.cli.Version;
import tunnel.server.registry.PortRange;
import tunnel.server.tokens.TokenFields;

/// The `tunnel-server token list` command.
@Command(
        name = "list",
        versionProvider = Version.class,
        mixinStandardHelpOptions = true,
        description = "Prints a line for each token: its name, the beginning of its id as the log has it, what it may have, when it"
                + " was made and expires, and its sessions while the server runs. Tokens themselves are not kept.",
        footer = {
            "",
            "Examples:",
            "  tunnel-server token list"
        })
final class TokenListCommand implements Callable<Integer> {
    private static final int ID_SHOWN = 8;
    private static final String NOTHING = "-";

    @Mixin
    private final TokenState state = new TokenState();

    @Override
    public Integer call() throws IOException {
        Columns rows = new Columns(8, "NAME", "ID", "NAMES", "HOSTS", "PORTS", "CREATED", "EXPIRES", "SESSIONS");
        for (List<String> token : state.ask(List.of(TokenAdmin.LIST))) {
            rows.add(row(token));
        }
        rows.lines().forEach(System.out::println);
        return 0;
    }

    /// @param token `NAME ID STANDING SESSIONS FIELDS…`
    private static String[] row(List<String> token) throws IOException {
        if (token.size() < 4) {
            throw new IOException("the server's answer cannot be read. Is it of another version? Restart it");
        }
        TokenFields fields = TokenFields.parse(token.subList(4, token.size()));
        return new String[] {
                token.get(0),
                token.get(1).substring(0, Math.min(ID_SHOWN, token.get(1).length())),
                list(fields.rights().names()),
                list(fields.rights().hosts()),
                list(fields.rights().ports().stream().map(PortRange::toString).toList()),
                time(fields.created()),
                time(fields.expires()) + (token.get(2).equals("expired") ? " (over)" : ""),
                token.get(3)};
    }

    private static String list(List<String> values) {
        return values.isEmpty() ? NOTHING : String.join(",", values);
    }

    private static String time(@Nullable Instant time) {
        return time == null ? NOTHING : time.toString();
    }
}
