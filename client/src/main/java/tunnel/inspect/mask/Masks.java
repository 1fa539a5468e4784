package tunnel.inspect.mask;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The names whose values are masked. Texts are handled as ISO 8859-1, a character for each byte, so that what is not masked stays
/// as it was, whatever its encoding.
public final class Masks {
    /// What stands in the place of a value.
    public static final String MASK = "[masked]";

    private static final List<String> ALWAYS = List.of("authorization", "proxy-authorization", "cookie", "set-cookie");

    private final Set<String> fields; // in lower case
    private final Set<String> keys; // in lower case; of JSON, forms and queries
    private final long lengths; // a bit for each length that a field's name has

    /// @param names that the user wants masked beside those that always are
    public Masks(Collection<String> names) {
        Set<String> all = new HashSet<>(ALWAYS);
        Set<String> own = new HashSet<>();
        for (String name : names) {
            String lower = name.toLowerCase(Locale.ROOT);
            all.add(lower);
            own.add(lower);
        }
        this.fields = Set.copyOf(all);
        this.keys = Set.copyOf(own);
        long bits = 0;
        for (String name : all) {
            bits |= 1L << Math.min(63, name.length());
        }
        this.lengths = bits;
    }

    /// Whether anything is masked outside of heads.
    public boolean hasKeys() {
        return !keys.isEmpty();
    }

    /// Whether a header field's value is masked.
    public boolean isField(String name) {
        return fields.contains(name.toLowerCase(Locale.ROOT));
    }

    /// Whether the value of a JSON, form or query key is.
    ///
    /// @param key bytes of UTF-8, a character for each
    boolean isKey(String key) {
        return keys.contains(new String(key.getBytes(ISO_8859_1), UTF_8).toLowerCase(Locale.ROOT));
    }

    /// The key that makes a form's field be masked, itself or a part of it as in `user[password]`; null where there is none.
    @Nullable String keyOf(String field) {
        for (String part : field.split("[\\[\\].]+", -1)) {
            if (isKey(part)) {
                return part;
            }
        }
        return isKey(field) ? field : null;
    }

    /// Whether the value of a key in text is.
    boolean isKeyText(String key) {
        return keys.contains(key.toLowerCase(Locale.ROOT));
    }

    /// A head, or trailers, with what must not be kept replaced. Most have nothing of the kind, and cost a look at each line.
    ///
    /// @param hit takes the names whose values were replaced
    public byte[] head(byte[] bytes, int length, Set<String> hit) {
        StringBuilder masked = null;
        int copied = 0;
        for (int line = 0; line < length; ) {
            int end = lineEnd(bytes, line, length);
            int colon = colon(bytes, line, end);
            if (colon > line && (lengths >>> Math.min(63, colon - line) & 1) != 0) {
                String name = text(bytes, line, colon);
                if (isField(name)) {
                    masked = masked != null ? masked : new StringBuilder(length);
                    masked.append(text(bytes, copied, colon)).append(": ").append(MASK).append("\r\n");
                    copied = end;
                    hit.add(name);
                }
            }
            line = end;
        }
        if (masked == null && !hasKeys()) {
            return bytes.length == length ? bytes : Arrays.copyOf(bytes, length);
        }
        String head = masked == null ? text(bytes, 0, length) : masked.append(text(bytes, copied, length)).toString();
        return (hasKeys() ? new FormMask(this, hit).links(head) : head).getBytes(ISO_8859_1);
    }

    private static int lineEnd(byte[] bytes, int from, int to) {
        int end = from;
        while (end < to && bytes[end] != '\n') {
            end++;
        }
        return Math.min(to, end + 1);
    }

    /// @return -1 where there is none before a blank, as in a start line
    private static int colon(byte[] bytes, int from, int to) {
        for (int at = from; at < to && bytes[at] != ' '; at++) {
            if (bytes[at] == ':') {
                return at;
            }
        }
        return -1;
    }

    private static String text(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, ISO_8859_1);
    }

    /// A text as it stands alone, in a message of a WebSocket or in an event, with the values of keys replaced.
    public byte[] text(byte[] bytes, Set<String> hit) {
        if (!hasKeys()) {
            return bytes;
        }
        String before = new String(bytes, ISO_8859_1);
        String after = new JsonMask(this, hit).mask(before);
        return after.equals(before) ? bytes : after.getBytes(ISO_8859_1);
    }

    /// A body that is not encoded, with the values of keys replaced.
    ///
    /// @param type its media type with parameters
    byte[] body(byte[] bytes, String type, Set<String> hit) {
        String before = new String(bytes, ISO_8859_1);
        String lower = type.toLowerCase(Locale.ROOT);
        String after;
        if (lower.startsWith("application/x-www-form-urlencoded")) {
            after = new FormMask(this, hit).form(before);
        } else if (lower.startsWith("multipart/")) {
            after = new JsonMask(this, hit).mask(new MultipartMask(this, hit).mask(before, type));
        } else {
            after = new JsonMask(this, hit).mask(before);
        }
        return after.equals(before) ? bytes : after.getBytes(ISO_8859_1);
    }
}
