package tunnel.client;

import java.util.List;
import java.util.stream.Collectors;

/// A JSON object in one line (RFC 8259), in ASCII whatever its strings are: so it is valid in any encoding, and shows nothing
/// that moves a cursor.
final class JsonObject {
    private final StringBuilder out = new StringBuilder();

    JsonObject text(String name, String value) {
        return add(name, quoted(value));
    }

    JsonObject texts(String name, List<String> values) {
        return add(name, values.stream().map(JsonObject::quoted).collect(Collectors.joining(",", "[", "]")));
    }

    JsonObject number(String name, long value) {
        return add(name, Long.toString(value));
    }

    private JsonObject add(String name, String json) {
        out.append(out.isEmpty() ? "" : ",").append(quoted(name)).append(':').append(json);
        return this;
    }

    private static String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c >= ' ' && c < 0x7f) {
                out.append(c);
            } else {
                out.append("\\u%04x".formatted((int) c));
            }
        }
        return out.append('"').toString();
    }

    @Override
    public String toString() {
        return "{" + out + "}";
    }
}
