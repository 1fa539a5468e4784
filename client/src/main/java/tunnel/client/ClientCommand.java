package tunnel.client;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import tunnel.completion.CompletionCommand;

/// The `tunnel-client` command, whole.
@Command(
        subcommands = {
            HttpCommand.class,
            TcpCommand.class,
            StartCommand.class,
            LoginCommand.class,
            ConfigCommand.class,
            StatusCommand.class,
            DoctorCommand.class,
            CompletionCommand.class
        })
public final class ClientCommand extends OpenCommand {
    /// With no program to start.
    public ClientCommand() {
        this(List.of());
    }

    /// @param wrapped the program behind `--`, or empty
    ClientCommand(List<String> wrapped) {
        super(wrapped);
    }

    /// Runs the program.
    public static void main(String... arguments) {
        Wrapping.run(arguments);
    }

    /// What arguments without `--` are given to.
    public static CommandLine commandLine(String... arguments) {
        return Wrapping.commandLine(List.of(), false, arguments);
    }
}
