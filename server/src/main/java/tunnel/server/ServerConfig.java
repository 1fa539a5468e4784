package tunnel.server;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import tunnel.cli.Program;
import tunnel.config.BadFileException;
import tunnel.config.ConfigArguments;
import tunnel.config.ConfigFile;
import tunnel.config.FileWatch;
import tunnel.config.Keys;
import tunnel.config.Problem;
import tunnel.config.Setting;
import tunnel.config.Sources;
import tunnel.config.Wording;
import tunnel.home.Home;

/// A server's configuration file: the options of `tunnel-server` and nothing else.
///
/// @param file as it was read
record ServerConfig(ConfigFile file) {
    private static final Logger log = LoggerFactory.getLogger(ServerConfig.class);

    private static final String STATE = "state-dir";

    /// The file that is named, or the usual one, or null.
    static @Nullable ServerConfig find(ConfigArguments arguments) throws IOException {
        Path path = arguments.path(Home.SERVER_FILE);
        return path == null ? null : read(path);
    }

    static ServerConfig read(Path path) throws IOException {
        return new ServerConfig(ConfigArguments.read(path, ""));
    }

    /// The state directory of a server that is told by environment and file alone, for the commands that look for it.
    ///
    /// @param arguments which file that is
    static Path stateDirectory(ConfigArguments arguments) throws IOException {
        String variable = System.getenv().getOrDefault(Sources.variable(STATE), "");
        ServerConfig found = variable.isEmpty() ? find(arguments) : null;
        Setting setting = found == null ? null : found.file().top().get(STATE);
        if (found != null && setting != null && !setting.isList()) {
            Path folder = Objects.requireNonNull(found.file().path().toAbsolutePath().getParent());
            return Home.ofThisUser().path(folder, setting.values().getFirst().text());
        }
        return variable.isEmpty() ? Home.ofThisUser().serverState() : Path.of(variable);
    }

    static Keys keys() {
        return Keys.of(CommandSpec.forAnnotatedObject(new ServeCommand()), Set.of());
    }

    /// Whether it is TOML, and has no keys but those that there are.
    ///
    /// @throws BadFileException with all that is wrong
    void checkForm() throws BadFileException {
        BadFileException.throwIfAny(form(keys()));
    }

    private List<Problem> form(Keys keys) {
        List<Problem> problems = new ArrayList<>(file.problems());
        for (Setting setting : file.top().settings()) {
            String unknown = keys.unknown(setting.key(), Set.of(), "");
            if (unknown != null) {
                problems.add(file.problem(setting.at(), unknown));
            }
        }
        return problems;
    }

    /// All that is wrong with it.
    List<Problem> problems() throws IOException {
        Keys tried = keys();
        List<Problem> problems = form(tried);
        List<String> typed = new ArrayList<>();
        for (Setting setting : file.top().settings()) {
            List<String> good = tried.arguments(setting, file, problems);
            typed.addAll(good == null ? List.of() : good);
        }
        if (problems.isEmpty()) {
            ServeCommand command = new ServeCommand();
            CommandLine parser = Program.commandLine(command);
            try {
                parser.parseArgs(typed.toArray(String[]::new));
                var _ = command.settings();
            } catch (ParameterException e) {
                problems.add(located(e));
            }
        }
        return problems.stream().sorted(Problem.ORDER).toList();
    }

    /// What is wrong with several options together, at the key of the first.
    Problem located(ParameterException e) {
        Setting about = file.top().get(Wording.keyOf(e));
        return file.problem(about == null ? file.top().at() : about.at(), Wording.ofFile(e));
    }

    /// Watches the file while a server runs, and says what of a changed one counts only for the next.
    FileWatch watch() {
        return new FileWatch(file.path(), new Changes(this)::look);
    }

    /// On the watch's thread.
    private static final class Changes {
        private final ServerConfig first;
        private List<String> waiting = List.of(); // keys, for the next start; told

        Changes(ServerConfig first) {
            this.first = first;
        }

        void look() {
            try {
                look(read(first.file().path()));
            } catch (IOException e) {
                log.error("{}. The server goes on as before", e.getMessage());
            } catch (RuntimeException e) {
                log.error("the changed configuration could not be looked at", e); // ours; the server runs on
            }
        }

        private void look(ServerConfig now) throws IOException {
            List<String> changed = first.file().top().changedIn(now.file().top());
            List<Problem> problems = changed.isEmpty() ? now.file().problems() : now.problems();
            problems.forEach(problem -> log.error("{}", problem));
            if (!problems.isEmpty()) {
                log.error("the changed configuration is not good: the server goes on as before, and could not be started with it");
                return;
            }
            if (!changed.equals(waiting) && !changed.isEmpty()) {
                log.warn("the configuration has changed: {} will count when tunnel-server is started again, with --take-over"
                        + " without loss", String.join(", ", changed));
            }
            waiting = changed;
        }
    }
}
