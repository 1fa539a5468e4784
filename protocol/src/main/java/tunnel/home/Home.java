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

    /// The server's configuration, where its operator has written one.
    public static final Path SERVER_FILE = Path.of("/etc/tunnel/server.toml");

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

    /// The client's configuration, where its user has written one.
    public Path clientFile() {
        return clientConfig().resolve("client.toml");
    }

    private Path base(String variable, String fallback) {
        String value = environment.getOrDefault(variable, "");
        // "All paths must be absolute. If an implementation encounters a relative path [it] should ignore it."
        return value.startsWith("/") ? Path.of(value) : home.resolve(fallback);
    }

    /// A path as somebody wrote it in a file in `folder`: `~/` is the home folder, as for shells, and what is relative is
    /// relative to the file, wherever the program runs that reads it.
    public Path path(Path folder, String written) {
        boolean ofHome = written.equals("~") || written.startsWith("~/");
        return ofHome ? home.resolve(written.substring(Math.min(2, written.length()))) : folder.resolve(written).normalize();
    }
}
