package tunnel.server.edge;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// The value of a Date field (RFC 9110, section 5.6.7), formatted once a second. Thread-safe.
final class HttpDate {
    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern("EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);

    private record Second(long epochSecond, String text) {}

    private final Clock clock;
    private volatile Second last = new Second(Long.MIN_VALUE, "");

    HttpDate(Clock clock) {
        this.clock = clock;
    }

    /// The time now: `Tue, 24 Nov 2026 03:25:31 GMT`.
    String now() {
        long now = Math.floorDiv(clock.millis(), 1000L);
        Second second = last;
        if (second.epochSecond != now) {
            second = new Second(now, FORMAT.format(Instant.ofEpochSecond(now)));
            last = second;
        }
        return second.text;
    }
}
