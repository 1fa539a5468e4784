package tunnel.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tunnel.fixture.LeakCheck;
import tunnel.net.Deadlines.Deadline;

@ExtendWith(LeakCheck.class)
class DeadlinesTest {
    private final Deadlines deadlines = new Deadlines();
    private final AtomicInteger runs = new AtomicInteger();

    @AfterEach
    void close() {
        deadlines.close();
    }

    @Test
    void theActionRunsOnceWhenTimeIsUp() {
        long start = System.nanoTime();
        try (Deadline deadline = deadlines.after(Duration.ofMillis(50), runs::incrementAndGet)) {
            await().until(() -> runs.get() == 1);
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(Duration.ofMillis(50).toNanos());
            assertThat(deadline.expired()).isTrue();
        }
        assertThat(runs).hasValue(1);
    }

    @Test
    void oneClosedInTimeNeverRuns() {
        Deadline closed = deadlines.after(Duration.ofMillis(30), runs::incrementAndGet);
        closed.close();
        closed.close();
        AtomicInteger later = new AtomicInteger();
        try (Deadline _ = deadlines.after(Duration.ofMillis(60), later::incrementAndGet)) {
            await().until(() -> later.get() == 1);
        }

        assertThat(runs).hasValue(0);
        assertThat(closed.expired()).isFalse();
    }

    @Test
    void anActionThatFailsKeepsNoOtherFromRunning() {
        try (Deadline _ = deadlines.after(Duration.ZERO, () -> {
                    throw new IllegalStateException("on purpose");
                });
                Deadline _ = deadlines.after(Duration.ofMillis(10), runs::incrementAndGet)) {
            await().until(() -> runs.get() == 1);
        }
    }

    @Test
    void nothingRunsAfterTheEnd() {
        Deadline pending = deadlines.after(Duration.ofMillis(1), () -> {
            throw new AssertionError();
        });
        deadlines.close();
        Deadline late = deadlines.after(Duration.ZERO, runs::incrementAndGet);
        late.close();
        pending.close();

        assertThat(late.expired()).isFalse();
        assertThat(runs).hasValue(0);
    }
}
