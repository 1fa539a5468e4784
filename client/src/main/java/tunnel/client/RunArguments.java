package tunnel.client;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Option;
import tunnel.cli.HelpGroup;
import tunnel.cli.Program;
import tunnel.cli.RefusedException;
import tunnel.log.Logging;
import tunnel.protocol.JoinString;

/// The options that say how a client runs, whatever its tunnels are; and the run itself.
@HelpGroup("Running")
final class RunArguments {
    @Option(
            names = "--exit-on-disconnect",
            description = "For scripts: end with exit code 1 where the server cannot be reached or the connection to it is lost,"
                    + " instead of dialling again. A server that announces its restart is followed to the new one.")
    private boolean exitOnDisconnect;

    @Option(names = "--verbose", description = "Log more.")
    private boolean verbose;

    /// Runs a client until a signal, or until the server does not want it.
    ///
    /// @return the exit code
    int run(JoinString join, boolean plain, List<ClientSettings.Wish> tunnels) throws IOException, RefusedException {
        Logging.start(verbose);
        Console console = new Console(System.out);
        TunnelClient client = new TunnelClient(new ClientSettings(join, plain, tunnels, exitOnDisconnect), console);
        Program.onSignal(Duration.ZERO, () -> {
            client.close();
            console.flush();
        });
        try {
            client.run();
        } finally {
            client.close();
            console.flush();
        }
        return 0;
    }
}
