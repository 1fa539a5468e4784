package tunnel.chaos;

import java.time.Duration;

/// Lets time pass that is part of a figure.
final class Pause {
    private Pause() {}

    static void of(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }
}
