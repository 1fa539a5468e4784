package tunnel.config;

import java.nio.file.Path;
import java.util.Comparator;
import tunnel.cli.Program;

/// What is wrong with a file, for whoever wrote it: as compilers say it, so that editors find the place.
///
/// @param message the key, what is wrong and what to write; never with the token of a join string
public record Problem(Path file, Position at, String message) {
    public Problem {
        message = Program.withoutToken(message);
    }

    /// As they stand in the file.
    public static final Comparator<Problem> ORDER = Comparator.comparing(Problem::at);

    @Override
    public String toString() {
        return file + ":" + at.line() + ":" + at.column() + ": " + message;
    }
}
