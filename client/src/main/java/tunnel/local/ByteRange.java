package tunnel.local;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A part of a file (RFC 9110, section 14.1.2).
///
/// @param end the first byte after it
record ByteRange(long first, long end) {
    /// Longer numbers are beyond the end of any file.
    private static final int DIGITS = 18;

    private static final Pattern ONE = Pattern.compile("[Bb][Yy][Tt][Ee][Ss]=[ \\t]*([0-9]*)-([0-9]*)[ \\t]*");

    long length() {
        return end - first;
    }

    /// The range that is asked for, cut at the end of the file; an empty one where the file has nothing there; null where it is
    /// none or several, which the whole file answers too.
    static @Nullable ByteRange parse(String text, long size) {
        Matcher matcher = ONE.matcher(text);
        if (!matcher.matches() || (matcher.group(1).isEmpty() && matcher.group(2).isEmpty())) {
            return null;
        }
        if (matcher.group(1).isEmpty()) {
            return new ByteRange(Math.max(0, size - number(matcher.group(2))), size);
        }
        long first = number(matcher.group(1));
        long last = matcher.group(2).isEmpty() ? Long.MAX_VALUE - 1 : number(matcher.group(2));
        if (last < first) {
            return null; // malformed
        }
        return new ByteRange(Math.min(first, size), Math.min(last + 1, size));
    }

    private static long number(String digits) {
        String plain = digits.replaceFirst("^0+(?=.)", "");
        return plain.length() > DIGITS ? Long.MAX_VALUE - 1 : Long.parseLong(plain);
    }
}
