package tunnel.inspect.mask;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.net.URLDecoder;
import java.util.Set;

/// Replaces the values of keys in `a=b&c=d`: a form's body, and the query of whatever links are in a head.
final class FormMask {
    private final Masks masks;
    private final Set<String> hit;

    FormMask(Masks masks, Set<String> hit) {
        this.masks = masks;
        this.hit = hit;
    }

    /// A form's body.
    String form(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (int at = 0; at <= text.length(); ) {
            int end = end(text, at, "&;");
            pair(text, at, end, out);
            if (end < text.length()) {
                out.append(text.charAt(end));
            }
            at = end + 1;
        }
        return out.toString();
    }

    /// A head: each query in it, in the request's target, in Referer, in Location.
    String links(String head) {
        StringBuilder out = new StringBuilder(head.length());
        int at = 0;
        for (int mark = head.indexOf('?'); mark >= 0; mark = head.indexOf('?', at)) {
            out.append(head, at, mark + 1);
            int end = end(head, mark + 1, " \r\n#\"<>,");
            out.append(form(head.substring(mark + 1, end)));
            at = end;
        }
        return out.append(head, at, head.length()).toString();
    }

    private static int end(String text, int from, String marks) {
        int end = from;
        while (end < text.length() && marks.indexOf(text.charAt(end)) < 0) {
            end++;
        }
        return end;
    }

    private void pair(String text, int from, int to, StringBuilder out) {
        int equals = text.indexOf('=', from);
        if (equals >= 0 && equals < to && isMasked(text.substring(from, equals))) {
            out.append(text, from, equals + 1).append(Masks.MASK);
        } else {
            out.append(text, from, to);
        }
    }

    /// Also where the key is a part of a longer one, as in `user[password]`.
    private boolean isMasked(String raw) {
        String key = decoded(raw);
        for (String part : key.split("[\\[\\].]+", -1)) {
            if (masks.isKey(part)) {
                hit.add(part);
                return true;
            }
        }
        if (masks.isKey(key)) {
            hit.add(key);
            return true;
        }
        return false;
    }

    private static String decoded(String raw) {
        try {
            return URLDecoder.decode(raw, ISO_8859_1).strip();
        } catch (IllegalArgumentException e) {
            return raw;
        }
    }
}
