package tunnel.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import tunnel.client.ClientSettings;
import tunnel.client.Console;
import tunnel.client.Machine;
import tunnel.client.TunnelClient;
import tunnel.client.Watchers;
import tunnel.cli.RefusedException;
import tunnel.fixture.OwnPorts;
import tunnel.home.PrivateFiles;
import tunnel.net.Addresses;
import tunnel.net.HostPort;
import tunnel.protocol.JoinString;
import tunnel.protocol.Token;
import tunnel.protocol.TunnelProtocol;
import tunnel.server.PublicSettings;
import tunnel.server.ServerSettings;
import tunnel.server.TunnelServer;
import tunnel.server.access.AccessLog;
import tunnel.server.registry.Limits;
import tunnel.server.registry.PortRange;

/// One server and its clients, all on loopback and free ports; closes whatever it started.
final class World implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Path folder;
    private final List<AutoCloseable> started = new ArrayList<>();
    private final PortRange ports;
    private boolean takeOver; // servers that are started from here on

    World() throws IOException {
        folder = Files.createTempDirectory("tunnel-world");
        int first = OwnPorts.take(201);
        ports = new PortRange(first, first + 200);
    }

    private World(PortRange ports) throws IOException {
        folder = Files.createTempDirectory("tunnel-world");
        this.ports = ports;
    }

    /// The public ports of this world's servers.
    PortRange ports() {
        return ports;
    }

    /// Gives the servers that are started after this another token that may have all names, as an operator could by hand.
    Token anotherToken() throws IOException {
        Token token = Token.random();
        PrivateFiles.makeFolder(stateDirectory());
        Path tokens = stateDirectory().resolve("tokens");
        String before = Files.exists(tokens) ? Files.readString(tokens) : "";
        PrivateFiles.write(
                tokens, before + token.id().hex() + " " + token.storedKey().key().hex() + " another names=* hosts=* ports=1-65535\n");
        return token;
    }

    /// Another one, which has this one's ports and a copy of its state.
    World copy() throws IOException {
        World copy = new World(ports);
        PrivateFiles.makeFolder(copy.stateDirectory());
        for (String file : List.of("key.pem", "certificate.pem", "tokens", "join", "leases")) {
            PrivateFiles.write(copy.stateDirectory().resolve(file), Files.readString(stateDirectory().resolve(file)));
        }
        return copy;
    }

    /// Where the servers of this world keep their state.
    Path stateDirectory() {
        return folder.resolve("state");
    }

    /// Starts a server with TLS and the default limits.
    TunnelServer server() throws IOException {
        return server(Limits.DEFAULT, false, 0);
    }

    /// Starts a server.
    ///
    /// @param controlPort 0 for a free one, which another server can have when this one is closed
    TunnelServer server(Limits limits, boolean plain, int controlPort) throws IOException {
        return server(limits, plain, controlPort, 0);
    }

    TunnelServer server(Limits limits, boolean plain, int controlPort, int httpPort) throws IOException {
        return server(limits, plain, controlPort, httpPort, new PublicSettings(AccessLog.Settings.OFF, List.of(), null));
    }

    /// Starts a server with TLS and settings for its visitors' side.
    TunnelServer server(Limits limits, PublicSettings settings) throws IOException {
        return server(limits, false, 0, 0, settings);
    }

    /// Starts a server without TLS whose tokens expire by a clock of the test's.
    TunnelServer server(Limits limits, InstantSource clock) throws IOException {
        PublicSettings settings = new PublicSettings(AccessLog.Settings.OFF, List.of(), null);
        return closing(TunnelServer.start(settings(limits, true, 0, 0, settings), clock));
    }

    private TunnelServer server(
            Limits limits, boolean plain, int controlPort, int httpPort, PublicSettings settings) throws IOException {
        return closing(TunnelServer.start(settings(limits, plain, controlPort, httpPort, settings)));
    }

    /// Starts a server that takes the place of this world's, if there is one.
    TunnelServer successor() throws IOException {
        takeOver = true;
        return server();
    }

    private ServerSettings settings(
            Limits limits, boolean plain, int controlPort, int httpPort, PublicSettings settings) throws IOException {
        return new ServerSettings(
                "localhost",
                Addresses.loopback(),
                chosen(controlPort),
                chosen(httpPort),
                ports,
                stateDirectory(),
                plain,
                settings,
                limits,
                takeOver);
    }

    /// One that takes the place of another has that one's port where it is told none.
    private int chosen(int port) {
        return port == 0 && !takeOver ? OwnPorts.take() : port;
    }

    /// Starts a client of `server` for an HTTP tunnel and waits for its addresses.
    Client http(TunnelServer server, int localPort, String name) {
        return client(server.joinString(), localPort, TunnelProtocol.HTTP, name).ready();
    }

    /// Starts a client of `server` for a TCP tunnel and waits for its address.
    Client tcp(TunnelServer server, int localPort) {
        return client(server.joinString(), localPort, TunnelProtocol.TCP, "").ready();
    }

    /// Starts a client and does not wait.
    Client client(JoinString join, int localPort, TunnelProtocol protocol, String name) {
        return client(join, false, localPort, protocol, name);
    }

    Client client(JoinString join, boolean plain, int localPort, TunnelProtocol protocol, String name) {
        return client(new ClientSettings(
                join, plain, new ClientSettings.Wish(new HostPort("localhost", localPort), protocol, name, 0)));
    }

    Client client(ClientSettings settings) {
        return client(settings, Machine.THIS);
    }

    /// Starts a client on a machine of the test's making.
    Client client(ClientSettings settings, Machine machine) {
        Client client = new Client(settings, machine);
        started.add(client);
        return client;
    }

    /// Something else to close at the end, before what was started earlier.
    <T extends AutoCloseable> T closing(T other) {
        started.add(other);
        return other;
    }

    @Override
    public void close() throws IOException {
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

    /// A running client and what it printed.
    static final class Client implements AutoCloseable {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private final TunnelClient client;
        private final Console console = new Console(new PrintStream(out, true, UTF_8));
        private final CompletableFuture<Void> end = new CompletableFuture<>();

        private Client(ClientSettings settings, Machine machine) {
            client = new TunnelClient(settings, Watchers.of(console), machine);
            Thread.ofVirtual().name("client-under-test").start(() -> {
                try {
                    client.run();
                    end.complete(null);
                } catch (RefusedException | IOException | RuntimeException | Error e) {
                    end.completeExceptionally(e);
                }
            });
        }

        /// The lines on standard output so far.
        List<String> lines() {
            return out.toString(UTF_8).lines().toList();
        }

        /// Waits until it has printed an address, and the one by port too.
        Client ready() {
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(5))
                    .failFast(() -> end.isCompletedExceptionally())
                    .until(() -> lines().stream().anyMatch(line -> line.matches("\\S+://localhost:.*")));
            return this;
        }

        /// Has it wish for other tunnels.
        void wish(ClientSettings.Wish... wishes) {
            client.wish(List.of(wishes));
        }

        /// The public port.
        int port() {
            String line = lines().stream()
                    .filter(one -> one.matches("\\S+://localhost:.*"))
                    .findFirst()
                    .orElseThrow();
            return Integer.parseInt(line.replaceAll(".*?://localhost:([0-9]+) .*", "$1"));
        }

        /// The name, of an HTTP tunnel.
        String name() {
            return lines().getFirst().replaceAll("http://([^.]+)\\..*", "$1");
        }

        /// Completes when `run` has returned, exceptionally where it threw.
        CompletableFuture<Void> end() {
            return end;
        }

        @Override
        public void close() {
            client.close();
            await().atMost(PATIENCE).until(end::isDone);
            console.flush();
        }
    }
}
