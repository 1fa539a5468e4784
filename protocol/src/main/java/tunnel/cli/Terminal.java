package tunnel.cli;

import java.io.Console;
import org.jspecify.annotations.Nullable;

/// Whether a person sits at the program.
public final class Terminal {
    private Terminal() {}

    /// The terminal that is both standard input and standard output, or null.
    @SuppressWarnings("SystemConsoleNull") // it is null again, as before JDK 22, where there is no terminal
    public static @Nullable Console console() {
        Console console = System.console();
        return console != null && console.isTerminal() ? console : null;
    }
}
