package tunnel.server;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tunnel.cli.Version;
import tunnel.server.registry.PortRange;
import tunnel.server.tokens.TokenFields;

/// The `tunnel-server token list` command.
@Command(
        name = "list",
        versionProvider = Version.class,
        mixinStandardHelpOptions = true,
        description = "Prints a line for each token: its name, the beginning of its id as the log has it, what it may have, when it"
                + " was made and expires, and its sessions while the server runs. Tokens themselves are not kept.")
final class TokenListCommand implements Callable<Integer> {
    private static final int ID_SHOWN = 8;
    private static final String NOTHING = "-";

    @Mixin
    private final TokenState state = new TokenState();

    @Override
    public Integer call() throws IOException {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("NAME", "ID", "NAMES", "HOSTS", "PORTS", "CREATED", "EXPIRES", "SESSIONS"));
        for (List<String> token : state.ask(List.of(TokenAdmin.LIST))) {
            rows.add(row(token));
        }
        print(rows);
        return 0;
    }

    /// @param token `NAME ID STANDING SESSIONS FIELDS…`
    private static List<String> row(List<String> token) throws IOException {
        if (token.size() < 4) {
            throw new IOException("the server's answer cannot be read");
        }
        TokenFields fields = TokenFields.parse(token.subList(4, token.size()));
        return List.of(
                token.get(0),
                token.get(1).substring(0, Math.min(ID_SHOWN, token.get(1).length())),
                list(fields.rights().names()),
                list(fields.rights().hosts()),
                list(fields.rights().ports().stream().map(PortRange::toString).toList()),
                time(fields.created()),
                time(fields.expires()) + (token.get(2).equals("expired") ? " (over)" : ""),
                token.get(3));
    }

    private static String list(List<String> values) {
        return values.isEmpty() ? NOTHING : String.join(",", values);
    }

    private static String time(@Nullable Instant time) {
        return time == null ? NOTHING : time.toString();
    }

    private static void print(List<List<String>> rows) {
        int columns = rows.getFirst().size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                line.append(row.get(i)).repeat(' ', widths[i] - row.get(i).length() + 2);
            }
            System.out.println(line.toString().stripTrailing());
        }
    }
}
