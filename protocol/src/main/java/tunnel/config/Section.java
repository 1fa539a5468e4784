package tunnel.config;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The settings under one heading of a file.
///
/// @param name what stands behind the dot of the heading; empty for what stands above all headings
/// @param at where the heading stands
public record Section(String name, Position at, List<Setting> settings) {
    public Section {
        settings = List.copyOf(settings);
    }

    /// The setting of a key, or null.
    public @Nullable Setting get(String key) {
        return settings.stream().filter(one -> one.key().equals(key)).findFirst().orElse(null);
    }

    /// Whether another one says the same, in whatever order.
    public boolean says(Section other) {
        return changedIn(other).isEmpty();
    }

    /// The keys that say something else in a later one, or stand in one of both alone.
    public List<String> changedIn(Section later) {
        Stream<String> here = settings.stream().map(Setting::key);
        Stream<String> there = later.settings.stream().map(Setting::key);
        return Stream.concat(here, there).distinct().filter(key -> isChanged(get(key), later.get(key))).toList();
    }

    private static boolean isChanged(@Nullable Setting before, @Nullable Setting after) {
        return before == null || after == null || !before.says(after);
    }
}
