package tunnel.home;

import java.nio.file.Path;
import java.util.Map;

/// The user's folders, by the XDG Base Directory Specification and its fallbacks.
///
/// @param environment of the process
/// @param home the user's home folder
public record Home(Map<String, String> environment, Path home) {
    /// The file with the join string, in the server's state directory and in the client's folder.
    public static final String JOIN = "join";

    /// That of the user who runs this process: `$HOME`, as for shells and every other program; `user.home` is what the
    /// system's list of users says, whatever `$HOME` is.
    public static Home ofThisUser() {
        String home = System.getenv().getOrDefault("HOME", "");
        return new Home(System.getenv(), Path.of(home.startsWith("/") ? home : System.getProperty("user.home")));
    }

    /// Where `tunnel-server` keeps its state where it is not told.
    public Path serverState() {
        return base("XDG_STATE_HOME", ".local/state").resolve("tunnel-server");
    }

    /// Where `tunnel-client` keeps what it was told by `login`.
    public Path clientConfig() {
        return base("XDG_CONFIG_HOME", ".config").resolve("tunnel");
    }

    /// Where clients that run have their sockets, each one of its own.
    public Path clientState() {
        return base("XDG_STATE_HOME", ".local/state").resolve("tunnel").resolve("client");
    }

    private Path base(String variable, String fallback) {
        String value = environment.getOrDefault(variable, "");
        // "All paths must be absolute. If an implementation encounters a relative path [it] should ignore it."
        return value.startsWith("/") ? Path.of(value) : home.resolve(fallback);
    }
}
