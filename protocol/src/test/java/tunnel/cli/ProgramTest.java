package tunnel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// A program with commands, whose models are made where they are needed.
class ProgramTest {
    private static int calls;

    @Command(name = "tool", mixinStandardHelpOptions = true, version = "1")
    static class Alone implements Callable<Integer> {
        @Spec
        private @Nullable CommandSpec spec;

        @Option(names = "--bad")
        private boolean bad;

        @Override
        public Integer call() {
            calls++;
            if (bad && spec != null) {
                throw new ParameterException(spec.commandLine(), "this is read once");
            }
            return 0;
        }
    }

    @Command(subcommands = Sub.class)
    static final class Whole extends Alone {}

    @Command(name = "sub", description = "The command.")
    static final class Sub implements Callable<Integer> {
        @Override
        public Integer call() {
            return 7;
        }
    }

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private boolean madeWhole;

    private int run(String... arguments) {
        calls = 0;
        CommandLine command = Program.commandLine(
                () -> Program.commandLine(new Alone()),
                () -> {
                    madeWhole = true;
                    return Program.commandLine(new Whole());
                },
                arguments);
        return command.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true)).execute(arguments);
    }

    @Test
    void aProgramThatIsToldOfNoCommandIsMadeAlone() {
        assertThat(run()).isZero();
        assertThat(run("--bad=false")).isZero();
        assertThat(madeWhole).isFalse();
    }

    @Test
    void aCommandBehindOptionsIsRun() {
        assertThat(run("--bad", "sub")).isEqualTo(7);
        assertThat(calls).isZero();
    }

    @Test
    void aMistypedCommandIsToldWithTheOneThatIsMeant() {
        assertThat(run("--bad", "subb")).isEqualTo(2);
        assertThat(err.toString()).startsWith("tool: 'subb' is not expected here. Did you mean sub?");
    }

    @Test
    void whatIsWrongWithAProgramThatRunsAlreadyIsToldOnceAndNotRunAgain() {
        assertThat(run("--bad")).isEqualTo(2);
        assertThat(calls).isEqualTo(1);
        assertThat(err.toString()).isEqualTo("tool: this is read once\nTry 'tool --help'.\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "-h", "--help=true", "-hV"})
    void helpHasTheCommands(String help) {
        assertThat(run("--bad", help)).isZero();
        assertThat(out.toString()).contains("The command.");
    }
}
