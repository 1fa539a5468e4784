package tunnel.server;

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
        Program.run(() -> Program.commandLine(new ServeCommand()), () -> Program.commandLine(new ServerCommand()), arguments);
    }
}
