package tunnel.wrap;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// `/proc/PID/stat`, as proc_pid_stat(5) has it.
class ForegroundTest {
    @Test
    void isTheTerminalsGroup() {
        assertThat(Foreground.isIn("77 (ja) va ( x) S 1 77 70 34816 77 4194304 1 2 3")).isTrue();
    }

    @Test
    void isNotAJobInTheBackground() {
        assertThat(Foreground.isIn("77 (java) S 1 77 70 34816 70 4194304 1 2 3")).isFalse();
    }

    @Test
    void isNotWithoutATerminal() {
        assertThat(Foreground.isIn("77 (java) S 1 77 70 0 -1 4194304 1 2 3")).isFalse();
    }
}
