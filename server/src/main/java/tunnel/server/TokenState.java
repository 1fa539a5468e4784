package tunnel.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tunnel.admin.AdminClient;
import tunnel.admin.Conversation;
import tunnel.cli.PathParsing;
import tunnel.config.ConfigArguments;

/// Which server a command is about, and how they reach it: by its private socket while it runs, else by its state
/// directory.
final class TokenState {
    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec;

    @Option(
            names = "--state-dir",
            paramLabel = "DIR",
            converter = PathParsing.class,
            description = "The server's state directory. Default: that of /etc/tunnel/server.toml, else tunnel-server in"
                    + " $XDG_STATE_HOME or in ~/.local/state.")
    private @Nullable Path stateDirectory;

    /// Has a command of {@link TokenAdmin} done, by the running server or here.
    ///
    /// @return the lines of the answer
    /// @throws IOException with a sentence for the operator
    List<List<String>> ask(List<String> words) throws IOException {
        Path folder = existing();
        try (AdminClient server = AdminClient.connect(folder)) {
            return server != null ? server.ask(words) : askFiles(folder, words);
        }
    }

    /// Asks the running server.
    ///
    /// @return the lines of the answer
    /// @throws IOException with a sentence for the operator, also where no server runs
    List<List<String>> askRunning(List<String> words) throws IOException {
        Path folder = existing();
        try (AdminClient server = AdminClient.connect(folder)) {
            if (server == null) {
                throw new IOException("no tunnel-server runs with the state directory " + folder
                        + ". Start tunnel-server, or name another directory with --state-dir");
            }
            return server.ask(words);
        }
    }

    private Path existing() throws IOException {
        Path folder = folder();
        if (!Files.isDirectory(folder)) {
            throw new IOException("there is no state directory " + folder
                    + ". Start tunnel-server once first, or name another with --state-dir");
        }
        return folder;
    }

    /// The state directory: its option and the file's may stand before the command's word, too.
    Path folder() throws IOException {
        ServerCommand server = spec != null && spec.root().userObject() instanceof ServerCommand root ? root : null;
        Path before = server == null ? null : server.stateDirectory();
        Path named = stateDirectory != null ? stateDirectory : before;
        ConfigArguments file = server == null ? new ConfigArguments() : server.configArguments();
        return named != null ? named : ServerConfig.stateDirectory(file);
    }

    private static List<List<String>> askFiles(Path folder, List<String> words) throws IOException {
        refuseRoot(folder);
        try (StateDirectory state = StateDirectory.open(folder)) {
            var command = Objects.requireNonNull(TokenAdmin.ofFiles(state).commands().get(words.getFirst()));
            Lines lines = new Lines();
            command.run(words.subList(1, words.size()), lines);
            return lines.said;
        } catch (StateDirectory.InUse e) {
            throw new IOException("a tunnel-server uses the state directory " + folder
                    + " and does not answer there. If it is starting or stopping try again in a moment, otherwise stop it first", e);
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /// What root writes is root's, and the server could not read it any more.
    private static void refuseRoot(Path folder) throws IOException {
        String owner = Files.getOwner(folder).getName();
        if ("root".equals(System.getProperty("user.name")) && !owner.equals("root")) {
            throw new IOException("no server runs, and root would write files into " + folder + " that its owner " + owner
                    + " cannot read. Start the server first, or do this as " + owner);
        }
    }

    /// What a command says with nobody at the other end.
    private static final class Lines implements Conversation {
        private final List<List<String>> said = new ArrayList<>();

        @Override
        public void say(List<String> words) {
            said.add(List.copyOf(words));
        }

        @Override
        public @Nullable List<String> hear() {
            return null;
        }

        @Override
        public void takesUpTo(Duration time) {}
    }
}
