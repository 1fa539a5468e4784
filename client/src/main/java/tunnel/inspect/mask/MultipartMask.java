package tunnel.inspect.mask;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Replaces the content of the parts of a `multipart/form-data` body that have a key for a name (RFC 7578).
final class MultipartMask {
    private static final Pattern BOUNDARY = Pattern.compile("(?i)boundary=(?:\"([^\"]+)\"|([^;\\s]+))");
    private static final Pattern NAME = Pattern.compile("(?i);\\s*name\\s*=\\s*(?:\"([^\"]*)\"|([^;\\s]+))");

    private final Masks masks;
    private final Set<String> hit;

    MultipartMask(Masks masks, Set<String> hit) {
        this.masks = masks;
        this.hit = hit;
    }

    String mask(String text, String type) {
        Matcher boundary = BOUNDARY.matcher(type);
        if (!boundary.find()) {
            return text;
        }
        String delimiter = "--" + (boundary.group(1) != null ? boundary.group(1) : boundary.group(2));
        StringBuilder out = new StringBuilder(text.length());
        int at = 0;
        for (int part = text.indexOf(delimiter); part >= 0; part = text.indexOf(delimiter, at)) {
            out.append(text, at, part);
            int next = text.indexOf(delimiter, part + delimiter.length());
            int end = next < 0 ? text.length() : next;
            part(text.substring(part, end), out);
            at = end;
        }
        return out.append(text, at, text.length()).toString();
    }

    /// @param part from its delimiter to the next one, which may be missing where the body is cut off
    private void part(String part, StringBuilder out) {
        int head = part.indexOf("\r\n\r\n");
        String name = head < 0 ? "" : name(part.substring(0, head));
        String key = masks.keyOf(name);
        if (key == null) {
            out.append(part);
            return;
        }
        hit.add(key);
        out.append(part, 0, head + 4).append(Masks.MASK);
        if (part.endsWith("\r\n")) {
            out.append("\r\n");
        }
    }

    private static String name(String head) {
        for (String line : head.split("\r\n", -1)) {
            if (line.toLowerCase(Locale.ROOT).startsWith("content-disposition:")) {
                Matcher name = NAME.matcher(line);
                if (name.find()) {
                    return name.group(1) != null ? name.group(1) : name.group(2);
                }
            }
        }
        return "";
    }
}
