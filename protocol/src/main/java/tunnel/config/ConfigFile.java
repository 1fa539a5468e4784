package tunnel.config;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a configuration file says, with the place of everything; nothing of it has been understood yet.
///
/// @param top what stands above all headings
/// @param group the word that all headings begin with, as in `[tunnels.web]`, or empty where there are none
/// @param sections what stands below each
/// @param problems what is not TOML, or not of this form
public record ConfigFile(Path path, Section top, String group, List<Section> sections, List<Problem> problems) {
    public ConfigFile {
        sections = List.copyOf(sections);
        problems = List.copyOf(problems);
    }

    /// The section of a name, or null.
    public @Nullable Section section(String name) {
        return sections.stream().filter(one -> one.name().equals(name)).findFirst().orElse(null);
    }

    /// Their names, as they stand in the file.
    public List<String> names() {
        return sections.stream().map(Section::name).toList();
    }

    /// Something that is wrong in it.
    public Problem problem(Position at, String message) {
        return new Problem(path, at, message);
    }
}
