package tunnel.e2e;

import java.time.Duration;

/// Runs from its making.
final class Stopwatch {
    private final long began = System.nanoTime();

    Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - began);
    }
}
