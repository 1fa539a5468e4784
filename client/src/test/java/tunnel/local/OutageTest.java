package tunnel.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// How a local service that is down is asked whether it is up.
class OutageTest {
    private static IOException refused() {
        return new ConnectException("connection refused");
    }

    private static long in(long millis) {
        return System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    }

    @Test
    void aCrowdKnocksNoMoreOftenThanOne() throws Exception {
        AtomicInteger dials = new AtomicInteger();
        Outage outage = new Outage(() -> true);
        long end = in(700);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                all.add(threads.submit(() -> outage.outlast(
                        end,
                        () -> true,
                        () -> {
                            dials.incrementAndGet();
                            throw refused();
                        },
                        refused())));
            }
            for (Future<?> one : all) {
                assertThatThrownBy(one::get)
                        .hasCauseInstanceOf(SocketTimeoutException.class)
                        .hasMessageContaining("connection refused");
            }
        }
        assertThat(dials.get()).as("after 50, 150, 350, 600 ms, and some at the end").isBetween(1, 20);
    }

    @Test
    void whoeverIsNotWantedAnyMoreStops() {
        assertThatThrownBy(() -> new Outage(() -> true).outlast(in(60_000), () -> false, () -> {
                    throw refused();
                }, refused()))
                .isInstanceOf(LocalService.NotWanted.class);
    }

    @Test
    void whatNoWaitMendsIsNotWaitedFor() {
        assertThatThrownBy(() -> new Outage(() -> true).outlast(in(60_000), () -> true, () -> {
                    throw new LocalTls.Untrusted("no", refused());
                }, refused()))
                .isInstanceOf(LocalTls.Untrusted.class);
    }
}
