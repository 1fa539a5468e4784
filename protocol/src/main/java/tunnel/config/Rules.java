package tunnel.config;

import java.util.List;
import java.util.function.Predicate;

/// How options that come from several sources bear on each other.
///
/// @param either of two, one source gives one alone, and of two sources the better one's counts
/// @param parts what another option says too, once it is given
public record Rules(List<Either> either, List<Part> parts) {
    /// There are none.
    public static final Rules NONE = new Rules(List.of(), List.of());

    /// Two keys of which one says all that the other would, or says the contrary.
    public record Either(String one, String other) {}

    /// A key that is not used from a worse source than that of another one, which says the same and more.
    ///
    /// @param isWhole whether a text of the other one does
    public record Part(String key, String whole, Predicate<String> isWhole) {}

    public Rules {
        either = List.copyOf(either);
        parts = List.copyOf(parts);
    }
}
