package tunnel.cli;

import java.time.Duration;
import java.util.Locale;

/// Numbers as people read them.
public final class Figures {
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};

    private Figures() {}

    /// `512 B`, `1.4 MiB`.
    public static String bytes(long bytes) {
        double amount = bytes;
        int unit = 0;
        while (amount >= 1000 && unit < UNITS.length - 1) { // so that there are three places at the most
            amount /= 1024;
            unit++;
        }
        return (unit == 0 ? Long.toString(bytes) : String.format(Locale.ROOT, amount < 10 ? "%.1f" : "%.0f", amount))
                + " " + UNITS[unit];
    }

    /// `1,234,567`, and from 10 million on `12.3 M`, so that no more than 9 places are taken.
    public static String count(long count) {
        return count < 10_000_000
                ? String.format(Locale.ROOT, "%,d", count)
                : String.format(Locale.ROOT, "%,.1f M", count / 1e6);
    }

    /// The two largest units: `3 d 4 h`, `12 min 5 s`, `0 s`.
    public static String time(Duration time) {
        if (time.toDays() > 0) {
            return time.toDays() + " d " + time.toHoursPart() + " h";
        }
        if (time.toHours() > 0) {
            return time.toHours() + " h " + time.toMinutesPart() + " min";
        }
        return (time.toMinutes() > 0 ? time.toMinutes() + " min " : "") + Math.max(0, time.toSecondsPart()) + " s";
    }
}
