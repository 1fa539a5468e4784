package tunnel.config;

import java.io.Serial;
import java.util.List;

/// A file is not good, and nothing of it is used.
public final class BadFileException extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    private final transient List<Problem> problems;

    /// @param problems one at least
    BadFileException(List<Problem> problems) {
        super(String.join("\n", problems.stream().sorted(Problem.ORDER).map(Problem::toString).toList()));
        this.problems = problems.stream().sorted(Problem.ORDER).toList();
    }

    /// Throws it where there are any.
    public static void throwIfAny(List<Problem> problems) throws BadFileException {
        if (!problems.isEmpty()) {
            throw new BadFileException(problems);
        }
    }

    /// All of them, in the file's order.
    public List<Problem> problems() {
        return problems;
    }
}
