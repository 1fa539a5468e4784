package tunnel.e2e;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/// Many visitors at once.
final class Crowd {
    private Crowd() {}

    /// What one of them does.
    @FunctionalInterface
    interface Member {
        void act(int number) throws Exception;
    }

    /// Lets all act at once, each on its own thread, and waits; throws what one of them threw.
    static void of(int count, Member member) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int number = i;
                running.add(threads.submit(() -> {
                    member.act(number);
                    return number;
                }));
            }
            try {
                for (Future<?> one : running) {
                    one.get(60, TimeUnit.SECONDS);
                }
            } finally {
                threads.shutdownNow();
            }
        }
    }
}
