package tunnel.client;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Notices what breaks connections with no sign on them: the machine slept, or its addresses are others. Either is only a
/// reason to ask the server whether it still hears this client; a clock that was set looks like sleep. Used by one thread.
final class Watch {
    private static final Logger log = LoggerFactory.getLogger(Watch.class);

    /// Between looks.
    static final Duration INTERVAL = Duration.ofSeconds(1);
    /// Addresses are some system calls for each interface, of which a machine with containers has hundreds.
    private static final int LOOKS_PER_ADDRESSES = 3;
    /// By how much the two clocks may drift apart between looks. Nobody's clock is slewed that fast, and no shorter sleep
    /// breaks a connection.
    private static final long MOST_DRIFT_MILLIS = 2000;

    /// A reason to ask.
    ///
    /// @param why as part of a sentence
    /// @param gone addresses that were this machine's and are not any more
    record Doubt(String why, Set<InetAddress> gone) {}

    private final Machine machine;
    private long nanos;
    private long wallMillis;
    private Set<InetAddress> addresses;
    private int looks;

    Watch(Machine machine) {
        this.machine = machine;
        this.nanos = machine.nanoTime();
        this.wallMillis = machine.wallMillis();
        this.addresses = addresses(Set.of());
    }

    /// Compares with the last look.
    @Nullable Doubt look() {
        boolean slept = slept();
        boolean due = slept || ++looks % LOOKS_PER_ADDRESSES == 0;
        Set<InetAddress> before = addresses;
        if (due) {
            addresses = addresses(before);
        }
        if (slept) {
            return new Doubt("this computer slept, or its clock was set", without(before, addresses));
        }
        return addresses.equals(before)
                ? null
                : new Doubt("this computer's network addresses changed", without(before, addresses));
    }

    private boolean slept() {
        long nowNanos = machine.nanoTime();
        long nowMillis = machine.wallMillis();
        long drift = (nowMillis - wallMillis) - TimeUnit.NANOSECONDS.toMillis(nowNanos - nanos);
        nanos = nowNanos;
        wallMillis = nowMillis;
        return Math.abs(drift) > MOST_DRIFT_MILLIS;
    }

    private Set<InetAddress> addresses(Set<InetAddress> before) {
        try {
            return machine.addresses();
        } catch (IOException e) {
            log.debug("this machine's addresses cannot be read: {}", e.getMessage());
            return before;
        }
    }

    private static Set<InetAddress> without(Set<InetAddress> before, Set<InetAddress> now) {
        Set<InetAddress> gone = new HashSet<>(before);
        gone.removeAll(now);
        return gone;
    }
}
