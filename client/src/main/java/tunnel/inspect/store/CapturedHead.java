package tunnel.inspect.store;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.List;

/// A message's head, masked. It is kept as bytes, which cost a third of what texts would, and taken apart for whoever asks.
public final class CapturedHead {
    public static final CapturedHead NONE = new CapturedHead(new byte[0]);

    private final byte[] bytes;

    /// @param bytes the start line and the fields with their line ends; the caller gives them away
    public CapturedHead(byte[] bytes) {
        this.bytes = bytes;
    }

    /// How many bytes it takes.
    public int size() {
        return bytes.length;
    }

    /// The request line or status line; empty where there is none.
    public String startLine() {
        int end = lineEnd(0);
        return text(0, end);
    }

    /// A part of the start line: 0 and 1 are words, 2 is all the rest.
    public String part(int index) {
        String[] parts = startLine().split(" ", 3);
        return index < parts.length ? parts[index] : "";
    }

    /// The fields, in their order.
    public List<Field> fields() {
        return fields(lineEnd(0) + 1);
    }

    /// The fields where there is no start line: trailers.
    public List<Field> trailers() {
        return fields(0);
    }

    private List<Field> fields(int from) {
        List<Field> fields = new ArrayList<>();
        for (int at = from; at < bytes.length; at = lineEnd(at) + 1) {
            String line = text(at, lineEnd(at));
            int colon = line.indexOf(':');
            if (colon > 0) {
                fields.add(new Field(line.substring(0, colon), line.substring(colon + 1).strip()));
            }
        }
        return fields;
    }

    /// The value of the first field of a name, or empty.
    public String value(String name) {
        for (int line = lineEnd(0) + 1; line < bytes.length; line = lineEnd(line) + 1) {
            if (isNamed(line, name)) {
                return text(line + name.length() + 1, lineEnd(line)).strip();
            }
        }
        return "";
    }

    private boolean isNamed(int line, String name) {
        int end = line + name.length();
        if (end >= bytes.length || bytes[end] != ':') {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            if (Character.toLowerCase(bytes[line + i]) != Character.toLowerCase(name.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /// The bytes themselves, to look through; nobody changes them.
    public byte[] bytes() {
        return bytes;
    }

    private int lineEnd(int from) {
        int end = from;
        while (end < bytes.length && bytes[end] != '\n') {
            end++;
        }
        return end;
    }

    private String text(int from, int to) {
        int end = to > from && bytes[to - 1] == '\r' ? to - 1 : to;
        return new String(bytes, from, Math.max(0, end - from), ISO_8859_1);
    }
}
