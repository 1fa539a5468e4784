package tunnel.client;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tunnel.admin.Facts;
import tunnel.cli.Version;
import tunnel.home.Home;

/// The `tunnel-client status` command.
@Command(
        name = "status",
        versionProvider = Version.class,
        mixinStandardHelpOptions = true,
        description = "Shows all clients of this user that run: their server, their tunnels' addresses, how many requests there were,"
                + " and the inspector's address with the key to it.",
        footer = {
            "",
            "Examples:",
            "  tunnel-client status",
            "  tunnel-client status --json | jq -r '.clients[].tunnels[].urls[0]'",
            "",
            "Exit codes: 0 a client runs, 1 none does, 2 wrong usage."
        })
final class StatusCommand implements Callable<Integer> {
    @Option(names = "--json", description = "Print a JSON object for programs.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        List<ClientReport> clients = new ArrayList<>();
        for (List<List<String>> answer : new ClientSockets(Home.ofThisUser().clientState()).askAll(List.of(ClientStatus.NAME))) {
            List<Facts> facts = new ArrayList<>();
            for (List<String> line : answer) {
                facts.add(Facts.parse(line));
            }
            clients.add(ClientReport.of(facts));
        }
        if (json) {
            System.out.println(ClientReport.json(clients));
        } else if (!clients.isEmpty()) {
            print(clients);
        }
        if (clients.isEmpty()) {
            throw new IOException("no tunnel-client of this user runs. Start one, as in: tunnel-client --local 4000");
        }
        return 0;
    }

    private static void print(List<ClientReport> clients) throws IOException {
        List<String> lines = new ArrayList<>();
        for (ClientReport client : clients) {
            lines.addAll(client.lines(Instant.now()));
            lines.add("");
        }
        lines.removeLast();
        lines.forEach(System.out::println);
    }
}
