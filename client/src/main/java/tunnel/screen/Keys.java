package tunnel.screen;

import java.io.IOException;
import java.time.Duration;

/// Reads what is typed on a thread of its own, so that none of it reaches the shell later. Ctrl-C, Ctrl-Z and Ctrl-S are the
/// terminal's, as ever. The thread waits in a read that nothing can end, and goes with the process.
final class Keys implements Runnable {
    private static final int REDRAW = 'L' - '@'; // Ctrl-L
    private static final int LONGEST = 256;
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final Runnable quit;
    private final Runnable redraw;

    Keys(Runnable quit, Runnable redraw) {
        this.quit = quit;
        this.redraw = redraw;
    }

    @Override
    public void run() {
        byte[] typed = new byte[LONGEST];
        while (true) {
            try {
                int length = System.in.read(typed);
                if (length < 0) {
                    return;
                }
                if (length == 1) { // more at once is an arrow key, or was pasted
                    act(typed[0]);
                }
            } catch (IOException e) {
                awaitForeground();
            }
        }
    }

    /// In the background there is nothing to read. Where the terminal is gone, so will be this process.
    private static void awaitForeground() {
        try {
            Thread.sleep(AGAIN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void act(byte key) {
        switch (key) {
            case 'q', 'Q' -> quit.run();
            case REDRAW -> redraw.run();
            default -> {}
        }
    }
}
