package tunnel.programs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What of {@link HelpTest} takes a process to see.
class HelpIT {
    @ParameterizedTest
    @ValueSource(strings = {"tunnel-server", "tunnel-client"})
    void theVersionIsThatOfTheJar(String program) throws Exception {
        assertThat(standardOutput(program, "--version"))
                .singleElement()
                .asString()
                .matches(program + " \\d+\\.\\d+\\.\\d+(-SNAPSHOT)?, protocol version \\d+");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tunnel-server", "tunnel-client"})
    void theHelpIsThatOfItsCommands(String program) throws Exception {
        assertThat(standardOutput(program, "--help"))
                .isEqualTo(InProcess.run(program, "--help").out());
    }

    private static List<String> standardOutput(String program, String option) throws Exception {
        try (Programs programs = new Programs()) {
            RunningProgram running = programs.start(program, option);
            assertThat(running.exitCode()).isZero();
            assertThat(running.err()).isEmpty();
            return running.out();
        }
    }
}
