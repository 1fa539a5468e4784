package tunnel.server;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import tunnel.cli.Program;
import tunnel.completion.CompletionCommand;

/// The `tunnel-server` command, whole.
@Command(
        subcommands = {
            TokenCommand.class,
            ConfigCommand.class,
            StatusCommand.class,
            DoctorCommand.class,
            CompletionCommand.class
        })
public final class ServerCommand extends ServeCommand {
    /// Runs the program.
    public static void main(String... arguments) {
        Program.run(commandLine(arguments), arguments);
    }

    /// What the arguments are given to.
    public static CommandLine commandLine(String... arguments) {
        return Program.commandLine(
                () -> Program.commandLine(new ServeCommand()), () -> Program.commandLine(new ServerCommand()), arguments);
    }
}
