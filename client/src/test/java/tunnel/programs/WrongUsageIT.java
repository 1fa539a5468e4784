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
        String[] words = typed.split(" ", 2);
        check(command, message, words[0], words[1].split(" ", -1));
    }

    @Test
    void whatIsEmptyOrHasSpacesStaysOneArgument() throws Exception {
        check("tunnel-server", "--bind: '' is not an address of this machine: write one, as in 127.0.0.1 or ::",
                "tunnel-server", "--bind", "");
        check("tunnel-client", "Invalid value for option '--host-header': 'a b' is not a host: write it as in localhost:4000 or"
                        + " app.example.org",
                "tunnel-client", "--local", "4000", "--host-header", "a b");
    }

    private static void check(String command, String message, String program, String... arguments) throws Exception {
        try (Programs programs = new Programs()) {
            RunningProgram running = programs.start(program, arguments);

            assertThat(running.exitCode()).isEqualTo(2);
            assertThat(running.err()).containsExactly(command + ": " + message, "Try '" + command + " --help'.");
            assertThat(running.out()).isEmpty();
        }
    }
}
