package tunnel.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import tunnel.fixture.OwnPorts;
import tunnel.programs.Programs;
import tunnel.programs.RunningProgram;

/// Another tunnel, against which some attacks are run as well, where it is installed. Without TLS, which is its default.
final class Rathole implements AutoCloseable {
    private static final Optional<Path> PROGRAM = Stream.concat(
                    Stream.of(System.getenv("PATH").split(":", -1)).map(Path::of),
                    Stream.of(Path.of(System.getProperty("user.home"), ".cargo", "bin")))
            .map(folder -> folder.resolve("rathole"))
            .filter(Files::isExecutable)
            .findFirst();

    private final Programs programs;
    private final String address;
    private final int controlPort = OwnPorts.take();
    private final int first;
    private final int services;
    private RunningProgram server;

    /// @param services how many, each with a public port and a control channel of its own
    /// @param address where clients dial it
    private Rathole(Programs programs, int services, String address) throws IOException {
        this.programs = programs;
        this.address = address;
        this.services = services;
        this.first = OwnPorts.take(services);
        this.server = startServer();
    }

    /// Starts a server; empty where it is not installed.
    static Optional<Rathole> start(Programs programs, int services) throws IOException {
        return start(programs, services, "127.0.0.1");
    }

    static Optional<Rathole> start(Programs programs, int services, String address) throws IOException {
        return PROGRAM.isEmpty() ? Optional.empty() : Optional.of(programs.closing(new Rathole(programs, services, address)));
    }

    private RunningProgram startServer() throws IOException {
        StringBuilder config = new StringBuilder("[server]\nbind_addr = \"" + address + ":" + controlPort + "\"\n"
                + "default_token = \"chaos\"\n");
        for (int i = 0; i < services; i++) {
            config.append("[server.services.s").append(i).append("]\nbind_addr = \"127.0.0.1:").append(publicPort(i)).append("\"\n");
        }
        Path file = programs.file("rathole-server.toml", config.toString());
        RunningProgram program = run("--server", file);
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> Ports.listens(address, controlPort));
        return program;
    }

    private RunningProgram run(String side, Path config) throws IOException {
        return run(List.of(), side, config);
    }

    private RunningProgram run(List<String> prefix, String side, Path config) throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(PROGRAM.orElseThrow().toString(), side, config.toString()));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("RUST_LOG", "error");
        return programs.closing(new RunningProgram(builder));
    }

    /// Starts a client of some of the services and does not wait.
    ///
    /// @param control where it is to dial
    RunningProgram client(int control, int from, int to, int localPort) throws IOException {
        StringBuilder config = new StringBuilder(
                "[client]\nremote_addr = \"127.0.0.1:" + control + "\"\ndefault_token = \"chaos\"\n");
        for (int i = from; i < to; i++) {
            config.append("[client.services.s").append(i).append("]\nlocal_addr = \"127.0.0.1:").append(localPort).append("\"\n");
        }
        return run("--client", programs.file("rathole-client-" + from + "-" + control + ".toml", config.toString()));
    }

    /// Starts a client of the first service in another network.
    RunningProgram client(List<String> prefix, int localPort) throws IOException {
        Path config = programs.file("rathole-far.toml", "[client]\nremote_addr = \"" + address + ":" + controlPort
                + "\"\ndefault_token = \"chaos\"\n[client.services.s0]\nlocal_addr = \"127.0.0.1:" + localPort + "\"\n");
        return run(prefix, "--client", config);
    }

    /// The same, and waits until its first service answers.
    RunningProgram client(int from, int to, int localPort) throws IOException {
        RunningProgram client = client(controlPort, from, to, localPort);
        Awaitility.await().atMost(Duration.ofSeconds(60)).ignoreExceptions().until(() -> Asker.once(publicPort(from), "any", "/up").status() == 200);
        return client;
    }

    /// Kills the server and starts it again.
    void restart() throws Exception {
        server.kill();
        server = startServer();
    }

    long pid() {
        return server.pid();
    }

    int controlPort() {
        return controlPort;
    }

    int publicPort(int service) {
        return first + service;
    }

    @Override
    public void close() {
        server.close();
    }
}
