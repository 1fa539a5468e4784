package tunnel.server.registry;

import java.io.Serial;
import org.jspecify.annotations.Nullable;
import tunnel.protocol.RejectCode;

/// A tunnel cannot be had. The message is a sentence for the client's user.
public final class RejectedException extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    private final RejectCode code;
    private final transient @Nullable Owner holder;

    public RejectedException(RejectCode code, String message) {
        this(code, message, null);
    }

    /// A tunnel is in the way.
    ///
    /// @param holder whose tunnel is in the way
    public RejectedException(RejectCode code, String message, @Nullable Owner holder) {
        super(message);
        this.code = code;
        this.holder = holder;
    }

    public RejectCode code() {
        return code;
    }

    /// Whose tunnel is in the way, or null where it is not a tunnel.
    public @Nullable Owner holder() {
        return holder;
    }
}
