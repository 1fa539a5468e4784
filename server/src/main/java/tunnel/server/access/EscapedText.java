package tunnel.server.access;

/// What visitors sent, as a log can have it: printable ASCII without quotes and backslashes, and not too long.
final class EscapedText {
    /// How all other characters are written.
    enum Style {
        /// `\x0a`, as nginx does; above 0xFF as JSON does.
        HEX,
        /// A backslash, `u` and four digits; quotes and backslashes behind a backslash (RFC 8259, section 7).
        JSON
    }

    /// Characters that are kept: a line's end is lost in the logs of the busy, not its beginning.
    static final int LONGEST = 2000;

    private static final char[] DIGITS = "0123456789abcdef".toCharArray();

    private final StringBuilder out;
    private final Style style;

    EscapedText(StringBuilder out, Style style) {
        this.out = out;
        this.style = style;
    }

    /// Between quotes; `-` where there is none.
    void quoted(String text) {
        append(text.isEmpty() ? "-" : text);
    }

    /// Between spaces; `-` where there is none.
    void word(String text) {
        int from = out.length();
        quoted(text);
        for (int i = out.indexOf(" ", from); i >= 0; i = out.indexOf(" ", i)) {
            out.replace(i, i + 1, "\\x20");
        }
    }

    /// As it is, escaped.
    void append(String text) {
        int length = Math.min(text.length(), LONGEST);
        int plainFrom = 0;
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~' || c == '"' || c == '\\') {
                out.append(text, plainFrom, i);
                escape(c);
                plainFrom = i + 1;
            }
        }
        out.append(text, plainFrom, length);
        if (length < text.length()) {
            out.append("...");
        }
    }

    private void escape(char c) {
        out.append('\\');
        if (style == Style.JSON && (c == '"' || c == '\\')) {
            out.append(c);
        } else if (style == Style.HEX && c <= 0xFF) {
            out.append('x').append(DIGITS[c >> 4]).append(DIGITS[c & 15]);
        } else {
            out.append('u');
            for (int shift = 12; shift >= 0; shift -= 4) {
                out.append(DIGITS[c >> shift & 15]);
            }
        }
    }

    /// A number with zeros before it.
    static void padded(StringBuilder out, long number, int digits) {
        long limit = 10;
        for (int i = 1; i < digits; i++, limit *= 10) {
            if (number < limit) {
                out.repeat('0', digits - i);
                break;
            }
        }
        out.append(number);
    }

    /// Microseconds as seconds: `0.012345`.
    static void seconds(StringBuilder out, long micros) {
        long positive = Math.max(0, micros);
        out.append(positive / 1_000_000).append('.');
        padded(out, positive % 1_000_000, 6);
    }
}
