package tunnel.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ElsewhereTest {
    private static final Duration LONG = Duration.ofSeconds(50);

    @Test
    void whatStandsStillHasABoundedNumberOfThreadsAndGivesThemBack() throws Exception {
        CountDownLatch begun = new CountDownLatch(128);
        CountDownLatch end = new CountDownLatch(1);
        List<Thread> waiting = new ArrayList<>();
        for (int i = 0; i < 128; i++) {
            waiting.add(Thread.ofVirtual().start(() -> standStill(begun, end)));
        }
        begun.await();
        assertThatThrownBy(() -> Elsewhere.call("one more", Duration.ofMillis(20), () -> 1))
                .isInstanceOf(SocketTimeoutException.class)
                .hasMessageContaining("one more took too long");

        CompletableFuture<Integer> next = CompletableFuture.supplyAsync(() -> seven());
        end.countDown();
        assertThat(next.get()).isEqualTo(7);
        for (Thread thread : waiting) {
            thread.join();
        }
    }

    private static void standStill(CountDownLatch begun, CountDownLatch end) {
        try {
            var _ = Elsewhere.call("standing still", LONG, () -> {
                begun.countDown();
                end.await();
                return 0;
            });
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int seven() {
        try {
            return Elsewhere.call("the next", LONG, () -> 7);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
