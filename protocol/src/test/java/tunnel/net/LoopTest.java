package tunnel.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class LoopTest {
    private static final int THREADS_OF_EACH_KIND = 6;
    private static final int BATCHES = 100;
    private static final int BATCH = 100; // a loop lets go of descriptors between turns
    private static final Duration TURN = Duration.ofSeconds(10);

    /// Without a lock of their own they queue for the selector's monitors, and within some thousand times the loop's thread does
    /// behind a virtual thread that it would have to carry.
    @Test
    @Timeout(120)
    void socketsThatAllThreadsOpenAndCloseAtOnceStopNoLoop() throws Exception {
        Loop loop = Loop.next();
        ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
        Runnable churn = () -> {
            try {
                for (int i = 0; i < BATCHES && failures.isEmpty(); i++) {
                    openAndClose(loop);
                }
            } catch (Exception | AssertionError e) {
                failures.add(e);
            }
        };
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS_OF_EACH_KIND; i++) {
            threads.add(loop.thread("carried-" + i, churn));
            threads.add(Thread.ofPlatform().daemon().name("platform-" + i).unstarted(churn));
            threads.add(Thread.ofVirtual().name("virtual-" + i).unstarted(churn));
        }
        threads.forEach(Thread::start);

        for (Thread thread : threads) {
            assertThat(thread.join(TURN.multipliedBy(6))).as(thread.getName() + " ended").isTrue();
        }
        assertThat(failures).isEmpty();
    }

    private static void openAndClose(Loop loop) throws Exception {
        for (int i = 0; i < BATCH; i++) {
            loop.register(SocketChannel.open()).close();
        }
        Thread turn = loop.thread("turn", () -> {});
        turn.start();
        assertThat(turn.join(TURN)).as("the loop still turns").isTrue();
    }
}
