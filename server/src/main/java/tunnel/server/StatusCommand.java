package tunnel.server;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tunnel.cli.Version;

/// The `tunnel-server status` command.
@Command(
        name = "status",
        versionProvider = Version.class,
        mixinStandardHelpOptions = true,
        description = "Shows what the running server does: sessions, tunnels, how many visitors there are and were, and how near"
                + " the bounds are.",
        footer = {
            "",
            "Examples:",
            "  tunnel-server status",
            "  watch tunnel-server status",
            "  tunnel-server status --json | jq .visits.last_minute",
            "",
            "Exit codes: 0 a server runs, 1 none does, 2 wrong usage."
        })
final class StatusCommand implements Callable<Integer> {
    @Mixin
    private final TokenState state = new TokenState();

    @Option(names = "--json", description = "Print a JSON object for programs.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        StatusReport report = StatusReport.parse(state.askRunning(List.of(ServerStatus.NAME)));
        Instant now = Instant.now();
        if (json) {
            System.out.println(StatusJson.of(report, now));
        } else {
            StatusTable.lines(report, now).forEach(System.out::println);
        }
        return 0;
    }
}
