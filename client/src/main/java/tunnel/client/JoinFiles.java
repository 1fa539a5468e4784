package tunnel.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import tunnel.cli.RefusedException;
import tunnel.home.Home;
import tunnel.home.PrivateFiles;
import tunnel.protocol.JoinString;

/// Where the join string comes from: the file that was named, else the one that `login` saved, else that of a server of the
/// same user on this machine.
record JoinFiles(Home home) {
    /// Reads the join string.
    ///
    /// @param named by the user, or null
    /// @throws RefusedException when there is none: without a token no server lets anybody in
    /// @throws IOException when a file is unreadable, with a sentence for the user
    JoinString find(@Nullable Path named) throws IOException, RefusedException {
        return read(file(named));
    }

    /// The file in which it is.
    ///
    /// @param named as above
    /// @throws RefusedException when there is none
    Path file(@Nullable Path named) throws RefusedException {
        if (named != null) {
            return named;
        }
        if (Files.exists(saved())) {
            return saved();
        }
        Path ofServer = home.serverState().resolve(Home.JOIN);
        if (Files.exists(ofServer)) {
            return ofServer;
        }
        throw new RefusedException("there is no join string, so no server would let this client in. Start tunnel-server on"
                + " this machine, or run 'tunnel-client login' with the join string that your server printed");
    }

    private static JoinString read(Path file) throws IOException {
        try {
            return JoinString.parse(Files.readString(file, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw new IOException("the join file " + file + " is not good: " + e.getMessage()
                    + (String.valueOf(e.getMessage()).endsWith("?") ? "" : ".") + " Run 'tunnel-client login' with the join string that tunnel-server printed", e);
        } catch (IOException e) {
            throw new IOException("cannot read the join file " + file + ": " + PrivateFiles.why(e)
                    + ". Name another with --join-file, or run 'tunnel-client login'", e);
        }
    }

    /// Where `login` saves.
    Path saved() {
        return home.clientConfig().resolve(Home.JOIN);
    }

    /// Saves a join string, private to its owner.
    ///
    /// @throws IOException with a sentence for the user
    void save(JoinString join) throws IOException {
        try {
            PrivateFiles.makeFolder(home.clientConfig());
            PrivateFiles.write(saved(), join.text() + "\n");
        } catch (IOException e) {
            throw new IOException("cannot save the join string in " + saved() + ": " + PrivateFiles.why(e)
                    + ". Mend that, or keep the string in another file and name it with --join-file", e);
        }
    }
}
