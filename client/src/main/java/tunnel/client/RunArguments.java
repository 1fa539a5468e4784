package tunnel.client;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tunnel.cli.HelpGroup;
import tunnel.cli.Program;
import tunnel.cli.RefusedException;
import tunnel.events.ClientEvents;
import tunnel.log.Logging;
import tunnel.protocol.JoinString;
import tunnel.wrap.PublicUrls;
import tunnel.wrap.WrappedCommand;

/// The options that say how a client runs, whatever its tunnels are; and the run itself.
@HelpGroup("Running")
final class RunArguments {
    @Option(
            names = "--exit-on-disconnect",
            description = "For scripts: end with exit code 1 where the server cannot be reached or the connection to it is lost,"
                    + " instead of dialling again. A server that announces its restart is followed to the new one.")
    private boolean exitOnDisconnect;

    @Mixin
    private InspectArguments inspect = new InspectArguments();

    @Option(names = "--verbose", description = "Log more.")
    private boolean verbose;

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec;

    /// The command behind `--`, which is started beside the tunnel and has the terminal then; empty where there is none.
    List<String> wrapped() {
        return Wrapping.of(Objects.requireNonNull(spec));
    }

    /// Whether there is one: what this program shows must leave standard output and the terminal alone then.
    boolean wraps() {
        return !wrapped().isEmpty();
    }

    /// Runs a client until a signal, or until the server does not want it, or until the command that it starts has ended.
    ///
    /// @return the exit code
    int run(JoinString join, boolean plain, List<ClientSettings.Wish> tunnels) throws IOException, RefusedException {
        Logging.start(verbose);
        return wraps() ? runWrapped(join, plain, tunnels) : runAlone(join, plain, tunnels);
    }

    /// The addresses go to standard error: standard output is the command's.
    private int runWrapped(JoinString join, boolean plain, List<ClientSettings.Wish> tunnels)
            throws IOException, RefusedException {
        WrappedCommand command = new WrappedCommand(wrapped());
        Console console = new Console(System.err);
        PublicUrls urls = new PublicUrls(tunnels.size());
        InspectArguments.Running inspector = inspect.begin(join, ClientEvents.all(List.of(console, urls)));
        TunnelClient client =
                new TunnelClient(new ClientSettings(join, plain, tunnels, exitOnDisconnect), inspector.watchers());
        Program.onEachSignal(name -> {
            switch (command.signal(name)) {
                case PASSED_ON -> {} // it ends, and the client with it
                case NOT_STARTED -> client.close();
                case SECOND -> Runtime.getRuntime().halt(WrappedCommand.codeOf(name));
            }
        });
        command.startWith(urls, client::close);
        try {
            client.run();
        } finally {
            client.close();
            inspector.close();
            command.end();
            console.flush();
        }
        return command.exitCode();
    }

    private int runAlone(JoinString join, boolean plain, List<ClientSettings.Wish> tunnels)
            throws IOException, RefusedException {
        Console console = new Console(System.out);
        InspectArguments.Running inspector = inspect.begin(join, console, false);
        TunnelClient client =
                new TunnelClient(new ClientSettings(join, plain, tunnels, exitOnDisconnect), inspector.watchers());
        Program.onSignal(Duration.ZERO, () -> {
            client.close();
            inspector.close();
            console.flush();
        });
        try {
            client.run();
        } finally {
            client.close();
            inspector.close();
            console.flush();
        }
        return 0;
    }
}
