package tunnel.protocol;

import java.nio.ByteBuffer;
import java.time.Duration;

/// How long a tunnel's visitors may be held while its local service is down, as it travels in an option of `Bind`. A server that
/// does not know the option passes over it: its visitors then wait for as long as a dial may take, and nothing is worse than
/// without it.
public final class LocalWait {
    /// Nobody waits longer for a page, and what is held costs both sides a connection.
    public static final Duration LONGEST = Duration.ofSeconds(60);

    private LocalWait() {}

    /// `base` and the time, unless that is zero.
    ///
    /// @throws IllegalArgumentException with a sentence for the user, where it is out of range
    public static Options encode(Duration time, Options base) {
        if (time.isZero()) {
            return base;
        }
        check(time.toMillis());
        ByteBuffer out = ByteBuffer.allocate(Integer.BYTES).putInt((int) time.toMillis()).flip();
        return base.with(Options.LOCAL_WAIT, Bytes.read(out, Integer.BYTES));
    }

    /// What the options of a `Bind` say, or zero.
    ///
    /// @throws IllegalArgumentException with a sentence for the user, for what no honest client sends too
    public static Duration decode(Options options) {
        Bytes value = options.get(Options.LOCAL_WAIT);
        if (value == null) {
            return Duration.ZERO;
        }
        if (value.length() != Integer.BYTES) {
            throw new IllegalArgumentException("option " + Options.LOCAL_WAIT + " of Bind is malformed");
        }
        return Duration.ofMillis(check(Integer.toUnsignedLong(ByteBuffer.wrap(value.toArray()).getInt())));
    }

    private static long check(long millis) {
        if (millis < 1 || millis > LONGEST.toMillis()) {
            throw new IllegalArgumentException(
                    "a wait of " + millis + " ms for the local service is not between 1 ms and " + LONGEST.toSeconds() + " s");
        }
        return millis;
    }
}
