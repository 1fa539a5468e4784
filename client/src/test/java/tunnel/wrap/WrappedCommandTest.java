package tunnel.wrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import tunnel.events.ClientEvents.Shown;
import tunnel.protocol.TunnelProtocol;

class WrappedCommandTest {
    /// As of `kill -HUP PID`, where the terminal would have sent it to the command too.
    @Test
    void inFrontOfATerminalASignalForThisProcessAloneReachesTheCommandAllTheSame() throws Exception {
        WrappedCommand command = new WrappedCommand(List.of("sleep", "600"), () -> true);
        PublicUrls urls = new PublicUrls(List.of(""));
        CountDownLatch over = new CountDownLatch(1);
        command.startWith(urls, over::countDown);
        urls.ready(new Shown(1, "", TunnelProtocol.HTTP, "http://localhost:4000", List.of("http://a.example")));
        await().atMost(Duration.ofSeconds(20)).until(WrappedCommandTest::isStarted);

        assertThat(command.signal("HUP")).isEqualTo(WrappedCommand.Signalled.PASSED_ON);

        assertThat(over.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(command.exitCode()).isEqualTo(129);
    }

    private static boolean isStarted() {
        return ProcessHandle.current().children()
                .anyMatch(child -> child.info().command().orElse("").endsWith("sleep"));
    }
}
