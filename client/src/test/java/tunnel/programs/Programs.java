package tunnel.programs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import tunnel.fixture.OwnPorts;

/// The two programs as their launchers start them, in processes of their own and with a home of their own; ends what it
/// started.
public final class Programs implements AutoCloseable {
    public static final Path ROOT = Path.of(Objects.requireNonNull(System.getProperty("tunnel.home"), "run by Maven"));

    private final Path folder;
    private final String ports;
    private String javaOptions = "-XX:TieredStopAtLevel=1"; // half the time of a start
    private final List<AutoCloseable> started = new ArrayList<>();

    public Programs() throws IOException {
        this(100);
    }

    /// @param publicPorts how many its servers may give to tunnels
    public Programs(int publicPorts) throws IOException {
        folder = Files.createTempDirectory("tunnel-programs");
        Files.createDirectory(home());
        int first = OwnPorts.take(publicPorts);
        ports = first + "-" + (first + publicPorts - 1);
    }

    /// What is started after this gets other options for java.
    public Programs javaOptions(String options) {
        javaOptions = options;
        return this;
    }

    /// The user's home folder.
    public Path home() {
        return folder.resolve("home");
    }

    /// Where the server keeps its state unless it is told.
    public Path serverState() {
        return folder.resolve("state/tunnel-server");
    }

    /// Where `login` saves.
    public Path savedJoinFile() {
        return folder.resolve("config/tunnel/join");
    }

    /// The range that servers are started with.
    public String ports() {
        return ports;
    }

    /// A new file.
    public Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    /// A path that does not exist yet.
    public Path path(String name) {
        return folder.resolve(name);
    }

    /// Starts a server on free ports, which another one can have when it has ended, and waits until it listens. Options given
    /// here win.
    public Server server(String... options) throws IOException {
        List<String> all = new ArrayList<>(List.of(options));
        boolean takesOver = all.contains("--take-over"); // and has the other one's ports where it is told none
        addUnlessThere(all, "--control-port", takesOver ? "0" : "" + OwnPorts.take());
        addUnlessThere(all, "--http-port", takesOver ? "0" : "" + OwnPorts.take());
        addUnlessThere(all, "--ports", ports);
        return listening(start("tunnel-server", all.toArray(String[]::new)));
    }

    /// The same with so many open files at the most.
    public Server serverWithFiles(int most, String... options) throws IOException {
        List<String> all = new ArrayList<>(List.of(options));
        all.addAll(List.of("--control-port", "0", "--http-port", "0", "--ports", ports));
        ProcessBuilder builder = builder("tunnel-server", all.toArray(String[]::new));
        List<String> command = new ArrayList<>(List.of("sh", "-c", "ulimit -n " + most + "; exec \"$@\"", "sh"));
        command.addAll(builder.command());
        return listening(closing(new RunningProgram(builder.command(command))));
    }

    private static Server listening(RunningProgram program) {
        var ports = program.awaitErr("control port (\\d+).* HTTP edge (\\d+)");
        return new Server(program, Integer.parseInt(ports.group(1)), Integer.parseInt(ports.group(2)));
    }

    private static void addUnlessThere(List<String> options, String name, String value) {
        if (!options.contains(name)) {
            options.addAll(List.of(name, value));
        }
    }

    /// A server that listens.
    public record Server(RunningProgram program, int controlPort, int httpPort) {}

    /// Starts a client of a server for localhost, and waits until it has printed all addresses.
    public RunningProgram client(String... options) throws IOException {
        RunningProgram program = start("tunnel-client", options);
        program.awaitOut("^\\w+://localhost:\\d+ -> "); // by port, which comes last
        return program;
    }

    /// Starts either program.
    public RunningProgram start(String program, String... arguments) throws IOException {
        return closing(new RunningProgram(builder(program, arguments)));
    }

    /// How either program is started.
    public ProcessBuilder builder(String program, String... arguments) {
        List<String> command = new ArrayList<>(Signals.DEFAULT);
        command.add(ROOT.resolve("bin").resolve(program).toString());
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().put("HOME", home().toString());
        builder.environment().put("XDG_STATE_HOME", folder.resolve("state").toString());
        builder.environment().put("XDG_CONFIG_HOME", folder.resolve("config").toString());
        builder.environment().put("TUNNEL_BUILD", "no");
        builder.environment().put("TUNNEL_JAVA_OPTS", javaOptions);
        return builder;
    }

    /// Something else to close at the end.
    public <T extends AutoCloseable> T closing(T other) {
        started.add(other);
        return other;
    }

    @Override
    public void close() throws IOException {
        for (AutoCloseable one : started) {
            if (one instanceof RunningProgram program) {
                program.stop(); // all at once, as a JVM takes 0.3 s to end
            }
        }
        for (AutoCloseable one : started.reversed()) {
            try {
                one.close();
            } catch (Exception e) {
                throw new IllegalStateException("closing " + one, e);
            }
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    /// A build that runs in the background may ignore SIGINT, and so would all that it starts.
    private static final class Signals {
        private static final List<String> RESET = List.of("env", "--default-signal=INT");
        static final List<String> DEFAULT = areReset() ? RESET : List.of();

        private static boolean areReset() {
            try {
                Process process = new ProcessBuilder(Stream.concat(RESET.stream(), Stream.of("true")).toList()).start();
                process.getErrorStream().readAllBytes();
                return process.waitFor() == 0;
            } catch (IOException e) {
                return false;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }

    /// The join string that a server wrote.
    public static String joinString(Path stateDirectory) throws IOException {
        return Files.readString(stateDirectory.resolve("join"), UTF_8).strip();
    }
}
