package tunnel.cli;

import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

    /// Whether a descriptor of this process is a terminal: 0 standard input, 1 output, 2 error. Linux says what it is; only where that
    /// does not decide, as on macOS, `test` is asked.
    public static boolean isAt(int descriptor) {
        try {
            String what = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
            if (!what.startsWith("/dev/") || what.equals("/dev/null")) {
                return false;
            }
            if (what.startsWith("/dev/pts/")) {
                return true;
            }
        } catch (IOException e) {
            // no Linux, or it is closed
        }
        try {
            return new ProcessBuilder("test", "-t", Integer.toString(descriptor)).inheritIO().start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
