package tunnel.wrap;

import java.io.Serial;

/// A command cannot be started. The message is for the user.
public final class CannotStart extends Exception {
    /// What shells end with where there is no such program.
    public static final int NOT_FOUND = 127;
    /// And where there is, but it cannot be executed.
    public static final int NOT_EXECUTABLE = 126;

    @Serial
    private static final long serialVersionUID = 1;

    private final int exitCode;

    CannotStart(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    public int exitCode() {
        return exitCode;
    }
}
