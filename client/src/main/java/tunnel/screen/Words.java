package tunnel.screen;

import java.time.Duration;
import java.util.Locale;

/// Figures in few cells.
final class Words {
    private static final String[] UNITS = {"B", "K", "M", "G", "T", "P"};

    private Words() {}

    /// `1,234,567`.
    static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /// `512 B`, `1.4 K`, `23 M`: units of 1024.
    static String bytes(long bytes) {
        double amount = bytes;
        int unit = 0;
        while (amount >= 999.5 && unit < UNITS.length - 1) {
            amount /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, unit > 0 && amount < 9.95 ? "%.1f %s" : "%.0f %s", amount, UNITS[unit]);
    }

    /// `0.4 ms`, `12 ms`, `1.2 s`, `3 min`: how long an answer took.
    static String micros(long micros) {
        double millis = micros / 1000.0;
        if (millis < 999.5) {
            return String.format(Locale.ROOT, millis < 9.95 ? "%.1f ms" : "%.0f ms", millis);
        }
        double seconds = millis / 1000;
        if (seconds < 99.5) {
            return String.format(Locale.ROOT, seconds < 9.95 ? "%.1f s" : "%.0f s", seconds);
        }
        return age(Duration.ofSeconds(Math.round(seconds)));
    }

    /// `12 s`, `3 min`, `2 h 5 min`, `4 d`: seconds only as long as they matter, so that a quiet screen stays as it is.
    static String age(Duration time) {
        long minutes = time.toMinutes();
        if (minutes == 0) {
            return Math.max(0, time.toSeconds()) + " s";
        }
        if (minutes < 60) {
            return minutes + " min";
        }
        long hours = minutes / 60;
        return hours < 48 ? hours + " h" + (minutes % 60 == 0 ? "" : " " + minutes % 60 + " min") : hours / 24 + " d";
    }
}
