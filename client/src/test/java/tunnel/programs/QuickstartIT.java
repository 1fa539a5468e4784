package tunnel.programs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class QuickstartIT {
    @Test
    void theWholeTrialIsOneCommand() throws Exception {
        try (Programs programs = new Programs()) {
            RunningProgram quickstart = programs.start("quickstart", "--once");
            assertThat(quickstart.exitCode()).as(quickstart.toString()).isZero();
            assertThat(quickstart.out()).contains("GET /hello-from-quickstart", "The answer came through the tunnel.");
            assertThat(quickstart.err()).isEmpty();
        }
    }
}
