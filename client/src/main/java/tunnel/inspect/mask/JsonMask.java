package tunnel.inspect.mask;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Replaces the values of keys in JSON, and in whatever has JSON in it: lines of it, an event's data, a script, JSON as a string in
/// JSON. So it is no parser: wherever a quoted key and a colon stand, the value behind them goes, also one that is cut off. Where
/// in doubt too much goes rather than too little.
final class JsonMask {
    private static final String REPLACEMENT = "\"" + Masks.MASK + "\"";
    /// No key that anybody wants masked is longer, and each quote is looked behind so far.
    private static final int LONGEST_KEY = 512;

    private final Masks masks;
    private final Set<String> hit;

    JsonMask(Masks masks, Set<String> hit) {
        this.masks = masks;
        this.hit = hit;
    }

    String mask(String text) {
        StringBuilder out = null;
        int copied = 0;
        for (int quote = text.indexOf('"'); quote >= 0; quote = text.indexOf('"', quote + 1)) {
            int depth = backslashes(text, quote);
            int close = closing(text, quote + 1, depth, Math.min(text.length(), quote + LONGEST_KEY));
            if (close < 0) {
                continue;
            }
            int colon = skipBlanks(text, close + 1);
            if (colon == text.length() || text.charAt(colon) != ':') {
                continue;
            }
            int end = close - Math.min(depth, backslashes(text, close)); // which may be another one's, with fewer
            String key = key(text.substring(quote + 1, end));
            if (key != null) {
                int from = skipBlanks(text, colon + 1);
                int to = valueEnd(text, from);
                out = out != null ? out : new StringBuilder(text.length());
                out.append(text, copied, from).append(depth == 0 ? REPLACEMENT : escaped(depth));
                hit.add(key);
                copied = to;
                quote = Math.max(quote, to - 1);
            }
        }
        return out == null ? text : out.append(text, copied, text.length()).toString();
    }

    private static String escaped(int depth) {
        String quote = "\\".repeat(depth) + "\"";
        return quote + Masks.MASK + quote;
    }

    /// The key as text where its value is to be masked, else null.
    private @Nullable String key(String raw) {
        if (raw.indexOf('\\') < 0) {
            return masks.isKey(raw) ? raw : null;
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < raw.length(); i++) {
            if (raw.startsWith("\\u", i) && i + 6 <= raw.length() && raw.substring(i + 2, i + 6).matches("[0-9A-Fa-f]{4}")) {
                text.append((char) Integer.parseInt(raw, i + 2, i + 6, 16));
                i += 5;
            } else if (raw.charAt(i) != '\\') {
                text.append(raw.charAt(i));
            }
        }
        return masks.isKeyText(text.toString()) ? text.toString() : null;
    }

    /// How many backslashes stand before it: JSON in a string of JSON has one, deeper ones have 3, 7 and so on.
    private static int backslashes(String text, int at) {
        int count = 0;
        while (count < at && text.charAt(at - count - 1) == '\\') {
            count++;
        }
        return count;
    }

    /// The quote that ends a string which began with so many backslashes, or -1 where there is none before `end`.
    private static int closing(String text, int from, int depth, int end) {
        for (int quote = text.indexOf('"', from); quote >= 0 && quote < end; quote = text.indexOf('"', quote + 1)) {
            if (backslashes(text, quote) <= depth || isEven(text, quote, depth)) {
                return quote;
            }
        }
        return -1;
    }

    /// A string may end in backslashes of its own, each doubled.
    private static boolean isEven(String text, int quote, int depth) {
        return depth == 0 && backslashes(text, quote) % 2 == 0;
    }

    private static int skipBlanks(String text, int from) {
        int at = from;
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        return at;
    }

    /// Behind the value that begins here: at the end of the text where it is cut off.
    private static int valueEnd(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) == '\\') {
            at++;
        }
        if (at == text.length()) {
            return at;
        }
        char first = text.charAt(at);
        if (first == '"') {
            int close = closing(text, at + 1, at - from, text.length());
            return close < 0 ? text.length() : close + 1;
        }
        if (first == '{' || first == '[') {
            return nestEnd(text, at);
        }
        while (at < text.length() && ",}] \t\r\n\\".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return at;
    }

    private static int nestEnd(String text, int from) {
        int depth = 0;
        for (int at = from; at < text.length(); at++) {
            switch (text.charAt(at)) {
                case '{', '[' -> depth++;
                case '}', ']' -> {
                    if (--depth == 0) {
                        return at + 1;
                    }
                }
                case '"' -> {
                    int close = closing(text, at + 1, backslashes(text, at), text.length());
                    if (close < 0) {
                        return text.length();
                    }
                    at = close;
                }
                default -> {}
            }
        }
        return text.length();
    }
}
