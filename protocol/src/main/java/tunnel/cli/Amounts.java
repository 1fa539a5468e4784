package tunnel.cli;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Amounts as people type them: `10M`, `30s`, `30d`, `50/s`. Each parser throws `IllegalArgumentException` with a sentence.
public final class Amounts {
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,12})([kmg]?)");
    private static final Pattern TIME = Pattern.compile("([0-9]{1,9})(ms|s|m)");
    private static final Pattern LIFETIME = Pattern.compile("([0-9]{1,5})([smhd])");
    private static final Pattern RATE = Pattern.compile("([0-9]{1,9})/s");

    private Amounts() {}

    /// A number of bytes, 1 or more; K, M and G are 1024 to the first, second and third.
    public static long bytes(String text) {
        Matcher matcher = SIZE.matcher(text.toLowerCase(Locale.ROOT));
        boolean isSize = matcher.matches();
        long number = isSize ? Long.parseLong(matcher.group(1)) : 0;
        int shift = switch (isSize ? matcher.group(2) : "") {
            case "k" -> 10;
            case "m" -> 20;
            case "g" -> 30;
            default -> 0;
        };
        if (number == 0 || number > Long.MAX_VALUE >> shift) {
            throw new IllegalArgumentException("'" + text + "' is not a size: write it as in 10M, 512K or 1G");
        }
        return number << shift;
    }

    /// A time, 1 ms or more.
    public static Duration time(String text) {
        Matcher matcher = TIME.matcher(text.toLowerCase(Locale.ROOT));
        long number = matcher.matches() ? Long.parseLong(matcher.group(1)) : 0;
        if (number == 0) {
            throw new IllegalArgumentException("'" + text + "' is not a time: write it as in 30s, 500ms or 2m");
        }
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            default -> Duration.ofMinutes(number);
        };
    }

    /// A time as people read it: `10 s`, `500 ms`.
    public static String text(Duration time) {
        return time.toMillisPart() == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }

    /// How long something is to last, 1 s or more.
    public static Duration lifetime(String text) {
        Matcher matcher = LIFETIME.matcher(text.toLowerCase(Locale.ROOT));
        long number = matcher.matches() ? Long.parseLong(matcher.group(1)) : 0;
        if (number == 0) {
            throw new IllegalArgumentException("'" + text + "' is not a lifetime: write it as in 30d, 12h or 90m");
        }
        return switch (matcher.group(2)) {
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }

    /// A number a second, 1 or more.
    public static int perSecond(String text) {
        Matcher matcher = RATE.matcher(text.toLowerCase(Locale.ROOT));
        int number = matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
        if (number == 0) {
            throw new IllegalArgumentException("'" + text + "' is not a rate: write it as in 50/s");
        }
        return number;
    }
}
