package tunnel.client;

import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import tunnel.cli.Program;
import tunnel.wrap.CannotStart;
import tunnel.wrap.WrappedCommand;

/// The command line in two: before `--` what is this program's, behind it the command that it is to start, none of whose words
/// are looked at. Every command that has {@link RunArguments} takes one.
final class Wrapping {
    private static final String SEPARATOR = "--";

    private Wrapping() {}

    /// Runs the program and ends the process with its exit code.
    static void run(String... arguments) {
        int at = Arrays.asList(arguments).indexOf(SEPARATOR);
        String[] own = at < 0 ? arguments : Arrays.copyOf(arguments, at);
        List<String> wrapped = at < 0 ? List.of() : List.of(arguments).subList(at + 1, arguments.length);
        Program.run(commandLine(wrapped, at >= 0, own), own);
    }

    /// @param own what stands before `--`
    static CommandLine commandLine(List<String> wrapped, boolean wraps, String... own) {
        return Program.commandLine(
                () -> commandLine(new OpenCommand(wrapped), wraps), () -> commandLine(new ClientCommand(wrapped), wraps), own);
    }

    private static CommandLine commandLine(OpenCommand command, boolean wraps) {
        CommandLine made = Program.commandLine(command);
        return wraps ? made.setExecutionStrategy(parsed -> start(parsed, command.wrapped())) : made;
    }

    /// What `run` was given behind `--`; empty where it was given nothing.
    static List<String> of(CommandSpec command) {
        return command.root().userObject() instanceof OpenCommand client ? client.wrapped() : List.of();
    }

    /// A program that is not there is said before anything else is done, as shells do.
    private static int start(ParseResult parsed, List<String> wrapped) {
        check(parsed, wrapped);
        try {
            WrappedCommand.check(wrapped);
        } catch (CannotStart e) {
            CommandLine command = parsed.commandSpec().commandLine();
            command.getErr().println(command.getCommandName() + ": " + e.getMessage());
            return e.exitCode();
        }
        return new RunLast().execute(parsed);
    }

    private static void check(ParseResult parsed, List<String> wrapped) {
        ParseResult last = parsed;
        while (last.hasSubcommand()) {
            last = last.subcommand();
        }
        CommandSpec command = last.commandSpec();
        if (command.mixins().values().stream().noneMatch(one -> one.userObject() instanceof RunArguments)) {
            throw new ParameterException(
                    command.commandLine(), "'--' is not expected here: " + command.name() + " starts no command");
        }
        if (wrapped.isEmpty()) {
            throw new ParameterException(
                    command.commandLine(), "which command is to be started? Write it behind --, as in -- npm run dev");
        }
    }
}
