package tunnel.local;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import tunnel.net.Transport;

/// Those whose visitors are held while the local service is down. One at a time knocks, however many they are: thousands of
/// visitors must not knock thousands of times a second at an app that is starting. When it is up, all dial at once.
final class Outage {
    private static final long FIRST_PAUSE_MILLIS = 50; // a dev server is back within some 300
    private static final long LAST_PAUSE_MILLIS = 250;
    /// How late it may be noticed that a visitor has left. The server gives the data channel up 2 s after that.
    private static final long LOOK_MILLIS = 500;

    private final BooleanSupplier isDown;
    private final Semaphore turn = new Semaphore(1); // to knock; held while one does, in which the others only wait
    private long pauseMillis = FIRST_PAUSE_MILLIS; // of whoever has the turn

    /// @param isDown whether the last dial failed, whoever's it was
    Outage(BooleanSupplier isDown) {
        this.isDown = isDown;
    }

    /// A dial of the local service.
    @FunctionalInterface
    interface Dial {
        Transport dial() throws IOException;
    }

    /// Dials until the local service answers, for one visitor, on its thread. The caller owns the connection.
    ///
    /// @param end of `System.nanoTime`
    /// @param isWanted whether the visitor is still there
    /// @param failure of the dial before
    /// @throws SocketTimeoutException when the time is up
    /// @throws LocalService.NotWanted when the visitor has left
    Transport outlast(long end, BooleanSupplier isWanted, Dial dial, IOException failure) throws IOException {
        IOException last = failure;
        for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
            if (!isWanted.getAsBoolean()) {
                throw new LocalService.NotWanted();
            }
            try {
                if (takeTurn(left)) {
                    return isDown.getAsBoolean() ? knock(left, dial) : pass(dial);
                }
            } catch (SocketTimeoutException e) {
                last = e;
            } catch (LocalTls.Untrusted | InterruptedIOException e) {
                throw e;
            } catch (IOException e) {
                last = e;
            }
        }
        SocketTimeoutException over = new SocketTimeoutException(last.getMessage() + ", and so it was until the time was up");
        over.initCause(last);
        throw over;
    }

    private boolean takeTurn(long left) throws IOException {
        try {
            return turn.tryAcquire(Math.min(left, TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS)), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    /// Waits a little, and dials.
    private Transport knock(long left, Dial dial) throws IOException {
        try {
            TimeUnit.NANOSECONDS.sleep(Math.min(left, TimeUnit.MILLISECONDS.toNanos(pauseMillis)));
            pauseMillis = Math.min(2 * pauseMillis, LAST_PAUSE_MILLIS);
            Transport connection = dial.dial();
            pauseMillis = FIRST_PAUSE_MILLIS;
            return connection;
        } catch (InterruptedException e) {
            throw interrupted();
        } finally {
            turn.release();
        }
    }

    /// It was up a moment ago: the others are not kept waiting.
    private Transport pass(Dial dial) throws IOException {
        turn.release();
        return dial.dial();
    }

    private static InterruptedIOException interrupted() {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("interrupted");
    }
}
