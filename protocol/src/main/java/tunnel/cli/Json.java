package tunnel.cli;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Writes JSON (RFC 8259) for programs that read what a command prints; two spaces deeper at each level for people.
public final class Json {
    private Json() {}

    /// A value as JSON text.
    ///
    /// @param value a map of names to values, a list of values, text, a number, a boolean or null
    public static String of(@Nullable Object value) {
        return of(value, "\n");
    }

    private static String of(@Nullable Object value, String line) {
        String deeper = line + "  ";
        return switch (value) {
            case null -> "null";
            case Map<?, ?> map when map.isEmpty() -> "{}";
            case Map<?, ?> map -> map.entrySet().stream()
                    .map(one -> text(String.valueOf(one.getKey())) + ": " + of(one.getValue(), deeper))
                    .collect(Collectors.joining("," + deeper, "{" + deeper, line + "}"));
            case List<?> list when list.isEmpty() -> "[]";
            case List<?> list -> list.stream()
                    .map(one -> of(one, deeper))
                    .collect(Collectors.joining("," + deeper, "[" + deeper, line + "]"));
            case Number number -> number.toString();
            case Boolean truth -> truth.toString();
            default -> text(value.toString());
        };
    }

    /// Text in its quotes, in ASCII whatever it is: so it is valid in any encoding, and shows nothing that moves a cursor.
    public static String text(String text) {
        StringBuilder out = new StringBuilder("\"");
        text.chars().forEach(c -> {
            switch (c) {
                case '"', '\\' -> out.append('\\').append((char) c);
                case '\n' -> out.append("\\n");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < ' ' || c >= 0x7f) {
                        out.append("\\u%04x".formatted(c));
                    } else {
                        out.append((char) c);
                    }
                }
            }
        });
        return out.append('"').toString();
    }
}
