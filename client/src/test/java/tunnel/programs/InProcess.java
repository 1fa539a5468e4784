package tunnel.programs;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine;
import tunnel.client.ClientCommand;
import tunnel.server.ServerCommand;

/// The two programs up to where they would end their process: for what serves nobody, as help and refusals, at a hundredth of a
/// start's cost.
final class InProcess {
    private InProcess() {}

    /// How it ended.
    record Outcome(int exitCode, List<String> out, List<String> err) {}

    /// Runs it to its end.
    static Outcome run(String program, String... arguments) {
        CommandLine line =
                switch (program) {
                    case "tunnel-server" -> ServerCommand.commandLine(arguments);
                    case "tunnel-client" -> ClientCommand.commandLine(arguments);
                    default -> throw new IllegalArgumentException(program);
                };
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        int code = assertTimeoutPreemptively(Duration.ofSeconds(20), () -> line.execute(arguments)); // should it serve after all
        return new Outcome(code, out.toString().lines().toList(), err.toString().lines().toList());
    }
}
