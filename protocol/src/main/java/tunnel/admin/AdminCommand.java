package tunnel.admin;

import java.io.IOException;
import java.util.List;

/// What a running program can be asked for by its {@link AdminSocket}.
@FunctionalInterface
public interface AdminCommand {
    /// Does it, and says what came of it. On the connection's own thread; the connection is closed when this returns.
    ///
    /// @param arguments the words behind the command's name
    /// @param conversation with who asks; the command is answered `ok` with its first line, or when this returns
    /// @throws IllegalArgumentException with a sentence for who asks, before the first line
    /// @throws IOException the same, or the connection was lost
    void run(List<String> arguments, Conversation conversation) throws IOException;
}
