package tunnel.server.edge;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.List;
import java.util.Locale;
import tunnel.http.Head;
import tunnel.http.HeadWriter;
import tunnel.protocol.EdgeOptions.FieldEdit;

/// The header fields that a tunnel's owner sets or removes, in one direction.
final class FieldEdits {
    private final List<String> names; // in lower case, with hyphens for underscores
    private final byte[] lines; // of those that are set

    FieldEdits(List<FieldEdit> edits) {
        names = edits.stream()
                .map(edit -> edit.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .toList();
        StringBuilder set = new StringBuilder();
        for (FieldEdit edit : edits) {
            if (!edit.value().isEmpty()) {
                set.append(edit.name()).append(": ").append(edit.value()).append("\r\n");
            }
        }
        lines = set.toString().getBytes(ISO_8859_1);
    }

    /// Whether a field is not to pass, since it is removed or another one takes its place. Underscores count as hyphens, as
    /// many local services read them.
    boolean replace(Head head, int field) {
        for (String name : names) {
            if (head.isNamed(field, name)) {
                return true;
            }
        }
        return false;
    }

    /// Whether the field is set or removed.
    ///
    /// @param lower in lower case
    boolean concern(String lower) {
        for (String name : names) {
            if (name.equals(lower)) {
                return true;
            }
        }
        return false;
    }

    /// All names, in lower case and with hyphens for underscores.
    List<String> names() {
        return names;
    }

    /// Writes those that are set.
    void write(HeadWriter out) {
        out.lines(lines);
    }

    /// The bytes that {@link #write} takes.
    int length() {
        return lines.length;
    }
}
