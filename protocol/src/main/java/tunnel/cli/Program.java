package tunnel.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionStrategy;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;
import tunnel.log.Logging;

/// A command-line program: one line for each error, with the next step in it, and the exit codes 0 fine, 1 failed, 2 wrong
/// usage, 3 refused by the server.
public final class Program {
    public static final int FAILED = 1;
    public static final int REFUSED = 3;

    /// From the signal to the end of the process: what people wait for without pressing Ctrl-C again.
    private static final Duration STOP = Duration.ofMillis(1700);

    private static final Pattern HELP = Pattern.compile("--help.*|--version.*|-[hV].*");

    private Program() {}

    /// Runs a command line that {@link #commandLine} made, and ends the process with its exit code.
    public static void run(CommandLine command, String... arguments) {
        int code = command.execute(arguments);
        Logging.stop();
        System.out.flush();
        // all is closed by now; exit() would wait for nothing better
        Runtime.getRuntime().halt(code);
    }

    /// The command with this project's ways of reading values and reporting errors.
    public static CommandLine commandLine(Object command) {
        return new CommandLine(command)
                .setParameterExceptionHandler(Program::wrongUsage)
                .setExecutionExceptionHandler(Program::failed)
                .setExpandAtFiles(false) // a value that begins with @ is a value
                .setAllowSubcommandsAsOptionParameters(true) // as --protocol tcp, or a tunnel by the name of start
                .setUsageHelpAutoWidth(true)
                .setHelpFactory(new GroupedHelp.Factory())
                .setCaseInsensitiveEnumValuesAllowed(true);
    }

    /// That of a program with commands. The models of all commands are a tenth of its start, so that they are only made where the
    /// first argument may be a command, for help, and for whatever the program alone does not understand: to do it, or to say
    /// what is wrong.
    ///
    /// @param alone without its commands
    /// @param whole with them
    public static CommandLine commandLine(Supplier<CommandLine> alone, Supplier<CommandLine> whole, String... arguments) {
        boolean maySuffice = (arguments.length == 0 || arguments[0].startsWith("--"))
                && Arrays.stream(arguments).noneMatch(argument -> HELP.matcher(argument).matches());
        if (!maySuffice) {
            return whole.get();
        }
        CommandLine command = alone.get();
        IExecutionStrategy usual = command.getExecutionStrategy();
        AtomicBoolean understood = new AtomicBoolean(); // what is wrong after that is told once: files were read
        return command.setExecutionStrategy(parsed -> {
                    understood.set(true);
                    return usual.execute(parsed);
                })
                .setParameterExceptionHandler((e, given) -> understood.get()
                        ? wrongUsage(e, given)
                        : whole.get().setOut(command.getOut()).setErr(command.getErr()).execute(given));
    }

    private static int wrongUsage(ParameterException e, String... arguments) {
        CommandLine command = e.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        withoutToken(inWords(e)).lines().forEach(line -> command.getErr().println(name + ": " + line));
        command.getErr().println("Try '" + name + " --help'.");
        return CommandLine.ExitCode.USAGE;
    }

    private static String inWords(ParameterException e) {
        return e instanceof UnmatchedArgumentException unmatched
                ? Strays.inWords(e.getCommandLine(), unmatched.getUnmatched().getFirst()) // what follows it may be its value
                : String.valueOf(e.getMessage());
    }

    /// A join string in the wrong place is still a secret: errors end up in logs and in questions to others.
    public static String withoutToken(String message) {
        return message.replaceAll("tunnel:/+(?!TOKEN@)[\\w-][^@\\s]*", "tunnel://…");
    }

    private static int failed(Exception e, CommandLine command, CommandLine.ParseResult arguments) throws Exception {
        if (!(e instanceof IOException || e instanceof RefusedException)) {
            throw e; // ours: the trace is wanted
        }
        command.getErr()
                .println(command.getCommandSpec().root().name() + ": " + withoutToken(String.valueOf(e.getMessage())));
        return e instanceof RefusedException ? REFUSED : FAILED;
    }

    /// Runs `close` on the first SIGTERM, SIGINT or SIGHUP and ends the process with exit code 0 when it is done, or some 2 s
    /// after `most`. The second signal ends it at once.
    ///
    /// @param most that `close` may wait for others
    public static void onSignal(Duration most, Runnable close) {
        AtomicBoolean stopping = new AtomicBoolean();
        Signals.handle(_ -> {
            if (stopping.compareAndSet(false, true)) {
                Thread.ofPlatform().name("stop").start(() -> stop(most.plus(STOP), close));
            } else {
                Runtime.getRuntime().halt(0);
            }
        });
    }

    /// Gives each SIGTERM, SIGINT or SIGHUP to `action` by its name, as in `TERM`, on a thread of its own. To end the process is up to
    /// it.
    public static void onEachSignal(Consumer<String> action) {
        Signals.handle(name -> Thread.ofPlatform().name("signal").start(() -> action.accept(name)));
    }

    private static void stop(Duration most, Runnable close) {
        Thread closing = Thread.ofPlatform().daemon().name("closing").start(() -> {
            close.run();
            Logging.stop();
        });
        try {
            var _ = closing.join(most);
        } catch (InterruptedException e) {
            // end at once then
        }
        Runtime.getRuntime().halt(0);
    }
}
