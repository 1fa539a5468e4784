package tunnel.log;

import org.jspecify.annotations.Nullable;

/// Makes what came from the outside safe for a log or a terminal.
public final class Printable {
    private static final int LONGEST = 2000;

    private Printable() {}

    /// The text with control characters written in hexadecimal, so that it cannot forge a line or move a cursor, and
    /// cut where it is longer than 2,000 characters.
    public static String of(@Nullable String text) {
        if (text == null) {
            return "-";
        }
        StringBuilder out = null;
        int length = Math.min(text.length(), LONGEST);
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (plain(c)) {
                if (out != null) {
                    out.append(c);
                }
            } else {
                out = out != null ? out : new StringBuilder(length + 16).append(text, 0, i);
                out.append(c < 256 ? "\\x%02x".formatted((int) c) : "\\u%04x".formatted((int) c));
            }
        }
        String shown = out != null ? out.toString() : text.substring(0, length);
        return length < text.length() ? shown + "…" : shown;
    }

    private static boolean plain(char c) {
        int type = Character.getType(c);
        return type != Character.CONTROL
                && type != Character.FORMAT
                && type != Character.LINE_SEPARATOR
                && type != Character.PARAGRAPH_SEPARATOR
                && type != Character.SURROGATE;
    }
}
