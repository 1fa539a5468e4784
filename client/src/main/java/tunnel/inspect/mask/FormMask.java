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
        return pairs(text, "&;", "&");
    }

    /// A head: each query and fragment in it, in the request's target, in Referer, in Location. Only a blank ends one for certain:
    /// who writes the target may have put anything else into a value.
    String links(String head) {
        StringBuilder out = new StringBuilder(head.length());
        int at = 0;
        for (int mark = end(head, 0, "?#"); mark < head.length(); mark = end(head, at, "?#")) {
            out.append(head, at, mark + 1);
            int end = end(head, mark + 1, " \t\r\n");
            out.append(pairs(head.substring(mark + 1, end), "&;?#", "&#"));
            at = end;
        }
        return out.append(head, at, head.length()).toString();
    }

    /// @param separators behind any of them a key may stand
    /// @param ends the fewer that a value which is masked cannot have in it
    private String pairs(String text, String separators, String ends) {
        StringBuilder out = new StringBuilder(text.length());
        for (int at = 0; at <= text.length(); ) {
            int end = end(text, at, separators);
            int equals = text.indexOf('=', at, end);
            if (equals >= 0 && isMasked(text.substring(at, equals))) {
                end = end(text, equals + 1, ends);
                out.append(text, at, equals + 1).append(Masks.MASK);
            } else {
                out.append(text, at, end);
            }
            if (end < text.length()) {
                out.append(text.charAt(end));
            }
            at = end + 1;
        }
        return out.toString();
    }

    private static int end(String text, int from, String marks) {
        int end = from;
        while (end < text.length() && marks.indexOf(text.charAt(end)) < 0) {
            end++;
        }
        return end;
    }

    private boolean isMasked(String raw) {
        String key = masks.keyOf(decoded(raw));
        if (key == null) {
            return false;
        }
        hit.add(key);
        return true;
    }

    private static String decoded(String raw) {
        try {
            return URLDecoder.decode(raw, ISO_8859_1).strip();
        } catch (IllegalArgumentException e) {
            return raw;
        }
    }
}
