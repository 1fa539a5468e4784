package tunnel.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/// Reads TOML. The one class that knows the library, which is loaded when there is a file and not before: a third of a start.
final class TomlReader {
    private final Path file;
    private final String group;
    private final List<Problem> problems = new ArrayList<>();

    private TomlReader(Path file, String group) {
        this.file = file;
        this.group = group;
    }

    /// Reads a file's text.
    ///
    /// @param group as of {@link ConfigFile}
    static ConfigFile read(Path file, String text, String group) {
        return new TomlReader(file, group).read(text);
    }

    private ConfigFile read(String text) {
        TomlParseResult all = Toml.parse(text);
        all.errors().forEach(error -> problem(at(error.position()), sentence(error.getMessage())));
        List<Section> sections = new ArrayList<>();
        List<Setting> top = new ArrayList<>();
        for (String key : keys(all)) {
            Object value = all.get(List.of(key));
            if (key.equals(group) && value instanceof TomlTable tables) {
                sections.addAll(sections(tables));
            } else if (value instanceof TomlTable) {
                problem(at(all, key), noHeading(key));
            } else {
                top.add(setting(all, key, Objects.requireNonNull(value)));
            }
        }
        return new ConfigFile(file, new Section("", Position.START, top), group, sections, problems);
    }

    private List<Section> sections(TomlTable tables) {
        List<Section> sections = new ArrayList<>();
        for (String name : keys(tables)) {
            Object value = tables.get(List.of(name));
            if (value instanceof TomlTable table) {
                sections.add(new Section(name, at(tables, name), settings(table)));
            } else {
                problem(at(tables, name), "'" + name + "' belongs under a heading of its own, as in [" + group + ".web]");
            }
        }
        return sections;
    }

    private List<Setting> settings(TomlTable table) {
        List<Setting> settings = new ArrayList<>();
        for (String key : keys(table)) {
            Object value = Objects.requireNonNull(table.get(List.of(key)));
            settings.add(setting(table, key, value));
        }
        return settings;
    }

    private String noHeading(String key) {
        if (group.isEmpty()) {
            return "'" + key + "' is a table, and this file has none: leave the heading out";
        }
        return "the heading [" + key + "] is not known: write [" + group + ".NAME], with a name of your choice";
    }

    private static Setting setting(TomlTable table, String key, Object value) {
        Position at = at(table, key);
        if (!(value instanceof TomlArray array)) {
            return new Setting(key, at, false, List.of(value(value, at)));
        }
        List<Setting.Value> values = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            values.add(value(array.get(i), at(array.inputPositionOf(i))));
        }
        return new Setting(key, at, true, values);
    }

    private static Setting.Value value(Object value, Position at) {
        return switch (value) {
            case String text -> new Setting.Value(Setting.Type.TEXT, text, at);
            case Long number -> new Setting.Value(Setting.Type.INTEGER, number.toString(), at);
            case Boolean flag -> new Setting.Value(Setting.Type.BOOLEAN, flag.toString(), at);
            case Double _ -> new Setting.Value(Setting.Type.OTHER, "a number with a point", at);
            case TomlTable _ -> new Setting.Value(Setting.Type.OTHER, "a table", at);
            case TomlArray _ -> new Setting.Value(Setting.Type.OTHER, "a list in a list", at);
            default -> new Setting.Value(Setting.Type.OTHER, "a date or time", at);
        };
    }

    /// In the file's order, which the library does not keep.
    private static List<String> keys(TomlTable table) {
        return table.keySet().stream()
                .sorted(Comparator.comparing(key -> at(table, key)))
                .toList();
    }

    private static Position at(TomlTable table, String key) {
        return at(table.inputPositionOf(List.of(key)));
    }

    private static Position at(@Nullable TomlPosition position) {
        return position == null ? Position.START : new Position(position.line(), position.column());
    }

    private void problem(Position at, String message) {
        problems.add(new Problem(file, at, message));
    }

    /// As the others are: a small letter first, and what helps most often where a value was expected.
    private static String sentence(@Nullable String message) {
        String text = String.valueOf(message);
        String start = text.isEmpty() ? "" : text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
        return start.endsWith("expected a value") ? start + ". Text goes in quotes, as in \"tunnel.example.com\"" : start;
    }
}
