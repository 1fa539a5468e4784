package tunnel.programs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What of {@link WrongUsageTest} takes a process to see: how it ends, and the words behind `--`.
class WrongUsageIT {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            tunnel-server --http-prt 80 | tunnel-server | unknown option '--http-prt'. Did you mean --http-port?
            tunnel-client 4000          | tunnel-client | '4000' is not expected here. Did you mean --local 4000?
            tunnel-client 4000 -- true  | tunnel-client | '4000' is not expected here. Did you mean --local 4000?
            tunnel-client --local 1 --  | tunnel-client | which command is to be started? Write it behind --, as in -- npm run dev
            tunnel-client login -- true | tunnel-client login | '--' is not expected here: login starts no command
            """, quoteCharacter = '"')
    void isNamedInOneLine(String typed, String command, String message) throws Exception {
        try (Programs programs = new Programs()) {
            String[] words = typed.split(" ", 2);
            RunningProgram program = programs.start(words[0], words[1].split(" ", -1));

            assertThat(program.exitCode()).isEqualTo(2);
            assertThat(program.err()).containsExactly(command + ": " + message, "Try '" + command + " --help'.");
            assertThat(program.out()).isEmpty();
        }
    }

    @Test
    void whatIsEmptyOrHasSpacesStaysOneArgument() throws Exception {
        try (Programs programs = new Programs()) {
            RunningProgram program = programs.start("tunnel-server", "token", "add", "a b", "--names", "");

            assertThat(program.exitCode()).isEqualTo(2);
            assertThat(program.err()).first().asString().startsWith("tunnel-server token add: ").contains("'a b'");
        }
    }
}
