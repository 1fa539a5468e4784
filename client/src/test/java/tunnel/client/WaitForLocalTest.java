package tunnel.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import tunnel.cli.Program;

/// How long visitors are held, unless it is said.
class WaitForLocalTest {
    private static Duration wait(boolean startsApp, String... arguments) {
        TunnelArguments tunnel = new TunnelArguments();
        Program.commandLine(tunnel).parseArgs(arguments);
        return tunnel.wish(startsApp).localWait();
    }

    @Test
    void notAtAll() {
        assertThat(wait(false, "--local=4000")).isZero();
    }

    @Test
    void anAppThatIsStartedHereHasSomeTimeToListen() {
        assertThat(wait(true, "--local=4000")).isEqualTo(Duration.ofSeconds(10));
        assertThat(wait(true, "--local=.")).as("a folder is there").isZero();
    }

    @Test
    void whatIsSaidCounts() {
        assertThat(wait(true, "--local=4000", "--wait-for-local=off")).isZero();
        assertThat(wait(true, "--local=.", "--wait-for-local=off")).isZero();
        assertThat(wait(false, "--local=4000", "--wait-for-local=60s")).isEqualTo(Duration.ofSeconds(60));
    }
}
