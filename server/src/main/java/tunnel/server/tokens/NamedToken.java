package tunnel.server.tokens;

import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tunnel.protocol.StoredKey;
import tunnel.server.registry.Rights;

/// A token as the server keeps it, with which nobody can log in.
///
/// @param name by which the operator knows it, unique
/// @param created null for one of an older state directory
/// @param expires null for never
public record NamedToken(
        String name, StoredKey key, Rights rights, @Nullable Instant created, @Nullable Instant expires) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

    public NamedToken {
        checkName(name);
    }

    /// The name as it is.
    ///
    /// @throws IllegalArgumentException with a sentence for the operator
    public static String checkName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("'" + name + "' is not a token's name: write up to 63 small letters a to z,"
                    + " digits and hyphens, with no hyphen first");
        }
        return name;
    }

    /// Whether its time is over.
    public boolean isExpired(Instant now) {
        return expires != null && !now.isBefore(expires);
    }
}
