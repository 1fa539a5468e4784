package tunnel.config;

import java.util.List;

/// A key of a file and what stands behind it.
///
/// @param at where the key stands
/// @param isList whether its values stand in brackets; else there is one
public record Setting(String key, Position at, boolean isList, List<Value> values) {
    /// What a value is to TOML.
    public enum Type {
        TEXT,
        INTEGER,
        BOOLEAN,
        /// What no option takes; its text says what it is, as in `a date`.
        OTHER
    }

    /// One of them.
    ///
    /// @param text as it would be typed on a command line
    public record Value(Type type, String text, Position at) {}

    public Setting {
        values = List.copyOf(values);
    }

    /// Whether another one says the same, wherever it stands.
    public boolean says(Setting other) {
        return key.equals(other.key) && texts().equals(other.texts());
    }

    private List<String> texts() {
        return values.stream().map(value -> value.type() + " " + value.text()).toList();
    }
}
