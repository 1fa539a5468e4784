package tunnel.cli;

import java.io.Serial;

/// The server does not want this client, and trying again would not change that. The message is for the user and says what
/// to do.
public final class RefusedException extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    public RefusedException(String message) {
        super(message);
    }
}
