package tunnel.client;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tunnel.cli.HelpGroup;
import tunnel.cli.Parsing;
import tunnel.cli.Program;
import tunnel.cli.RefusedException;
import tunnel.config.FileWatch;
import tunnel.events.ClientModel;
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

    @HelpGroup("Output")
    @Option(
            names = "--output",
            paramLabel = "auto|plain|json",
            converter = OutputParsing.class,
            description = "What to show. auto: the state, addresses and last requests on the whole screen where standard output is a"
                    + " terminal, else as plain. plain: a line for each address. json: a line for each event, an object.")
    private OutputMode output = OutputMode.AUTO;

    @HelpGroup("Output")
    @Option(names = "--qr", description = "Draw the first address as a QR code, too.")
    private boolean qr;

    @HelpGroup("Output")
    @Option(names = "--quiet", description = "Show nothing but addresses and what does not work.")
    private boolean quiet;

    @HelpGroup("Output")
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

    /// Looks at what no option knows alone.
    ///
    /// @throws ParameterException with a sentence for the user
    void check() {
        if (quiet && verbose) {
            throw new ParameterException(
                    Objects.requireNonNull(spec).commandLine(), "--quiet and --verbose contradict each other: leave one out");
        }
    }

    /// Runs a client until a signal, or until the server does not want it, or until the command that it starts has ended.
    ///
    /// @return the exit code
    int run(JoinString join, boolean plain, List<ClientSettings.Wish> tunnels) throws IOException, RefusedException {
        return run(join, plain, tunnels, null);
    }

    /// The same, of tunnels that a file describes, whose changes it follows.
    ///
    /// @param configured or null
    int run(JoinString join, boolean plain, List<ClientSettings.Wish> tunnels, @Nullable ConfiguredTunnels configured)
            throws IOException, RefusedException {
        check();
        Logging.start(quiet ? Logging.Detail.QUIET : verbose ? Logging.Detail.VERBOSE : Logging.Detail.USUAL);
        ClientSettings settings = new ClientSettings(join, plain, tunnels, exitOnDisconnect);
        return wraps() ? runWrapped(settings, configured) : runAlone(settings, configured);
    }

    /// The addresses go to standard error: standard output is the command's, and so is the terminal.
    private int runWrapped(ClientSettings settings, @Nullable ConfiguredTunnels configured)
            throws IOException, RefusedException {
        WrappedCommand command = new WrappedCommand(wrapped());
        PublicUrls urls = new PublicUrls(
                settings.tunnels().stream().map(ClientSettings.Wish::label).toList());
        ClientRun run = new ClientRun(
                settings, Display.lines(output, !quiet, qr, System.err), model(settings), inspect, List.of(urls));
        Program.onEachSignal(name -> {
            switch (command.signal(name)) {
                case PASSED_ON -> {} // it ends, and the client with it
                case NOT_STARTED -> run.leave();
                case SECOND -> Runtime.getRuntime().halt(WrappedCommand.codeOf(name));
            }
        });
        command.startWith(urls, run::leave);
        try (FileWatch _ = run.follow(configured)) {
            run.run();
        } finally {
            run.close();
            command.end();
        }
        return command.exitCode();
    }

    private int runAlone(ClientSettings settings, @Nullable ConfiguredTunnels configured)
            throws IOException, RefusedException {
        ClientModel model = model(settings);
        Display display = output == OutputMode.AUTO && !quiet
                ? Display.screen(qr, model)
                : Display.lines(output, !quiet, qr, System.out);
        ClientRun run = new ClientRun(settings, display, model, inspect, List.of());
        Program.onSignal(Duration.ZERO, run::close);
        try (FileWatch _ = run.follow(configured)) {
            run.run();
        } finally {
            run.close();
        }
        return 0;
    }

    private static ClientModel model(ClientSettings settings) {
        return new ClientModel(settings.join().server().toString());
    }

    /// Reads `--output`.
    static final class OutputParsing extends Parsing<OutputMode> {
        OutputParsing() {
            super(OutputParsing::parse);
        }

        private static OutputMode parse(String text) {
            return switch (text) {
                case "auto" -> OutputMode.AUTO;
                case "plain" -> OutputMode.PLAIN;
                case "json" -> OutputMode.JSON;
                default -> throw new IllegalArgumentException("'" + text + "' is not an output: write auto, plain or json");
            };
        }
    }
}
