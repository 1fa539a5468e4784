package tunnel.admin;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Lines of words between a command in a running program and who asks for it. Most commands only {@link #say}.
public interface Conversation {
    /// Writes a line.
    ///
    /// @param words at least one; any text
    void say(List<String> words) throws IOException;

    /// Reads a line that follows the request.
    ///
    /// @return null at the end of input
    @Nullable List<String> hear() throws IOException;

    /// Takes longer than {@link AdminSocket} grants a request. From now on there is so much time, then the connection is closed.
    void takesUpTo(Duration time);
}
