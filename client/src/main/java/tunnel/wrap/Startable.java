package tunnel.wrap;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Whether a command can be started, which is looked at before anything else is done: nobody wants a public address for an app
/// whose name is mistyped. Finds the program as `execvp` does.
final class Startable {
    private Startable() {}

    /// @param path the variable `PATH`
    /// @throws CannotStart with a sentence for the user, and the code that a shell would end with
    static void check(String program, String path) throws CannotStart {
        if (program.isEmpty()) {
            throw new CannotStart(CannotStart.NOT_FOUND, "the program behind -- is empty, as an unset variable is");
        }
        boolean seen = false;
        for (String folder : program.contains("/") ? new String[] {""} : path.split(File.pathSeparator)) {
            File file = file(folder, program);
            seen |= file != null && file.exists();
            if (file != null && file.isFile() && Files.isExecutable(file.toPath())) {
                return;
            }
        }
        if (seen) {
            throw new CannotStart(
                    CannotStart.NOT_EXECUTABLE,
                    "cannot start '" + program + "': it is not a program that may be executed. Is it a script that needs chmod +x?");
        }
        throw new CannotStart(
                CannotStart.NOT_FOUND,
                "cannot start '" + program + "': there is no such program"
                        + (program.contains("/") ? ". Is its path right?" : " on PATH. Is it installed?"));
    }

    private static @Nullable File file(String folder, String program) {
        try {
            return Path.of(folder, program).toFile();
        } catch (InvalidPathException e) {
            return null;
        }
    }
}
