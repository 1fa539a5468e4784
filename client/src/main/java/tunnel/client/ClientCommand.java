package tunnel.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tunnel.cli.Parsing;
import tunnel.cli.PathParsing;
import tunnel.cli.PlainMode;
import tunnel.cli.PortParsing;
import tunnel.cli.Program;
import tunnel.cli.RefusedException;
import tunnel.cli.Version;
import tunnel.home.Home;
import tunnel.local.Local;
import tunnel.log.Logging;
import tunnel.net.HostPort;
import tunnel.protocol.JoinString;
import tunnel.protocol.Names;
import tunnel.protocol.TunnelProtocol;

/// The `tunnel-client` command.
@Command(
        name = "tunnel-client",
        versionProvider = Version.class,
        mixinStandardHelpOptions = true,
        subcommands = LoginCommand.class,
        sortOptions = false,
        description = {
            "Gives a web app on this computer a public address, by way of a tunnel-server. Prints the address on standard"
                    + " output when it works; everything else goes to standard error."
        },
        footer = {
            "",
            "The server is found by --join-file, else by what 'tunnel-client login' saved, else by the join file of a"
                    + " tunnel-server of the same user on this machine.",
            "",
            "Examples:",
            "  tunnel-client --local 4000                     any free name",
            "  tunnel-client --local 4000 --name blue-otter   this name or none",
            "  tunnel-client --local ./dist                   a folder",
            "  tunnel-client --local 5173 --host-header rewrite",
            "                                                 a dev server that knows no other host",
            "  tunnel-client --local 5432 --protocol tcp      any TCP service",
            "",
            "Exit codes: 0 stopped by a signal, 1 failed, 2 wrong usage, 3 refused by the server."
        })
public final class ClientCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--local",
            paramLabel = "[HOST:]PORT|URL|FOLDER",
            converter = LocalParsing.class,
            description = "The local service that the tunnel leads to: a port, http://HOST:PORT, https://HOST:PORT, or a folder"
                    + " such as ./dist, which is then served read-only. Required.")
    private @Nullable Local local;

    @Option(
            names = "--local-insecure",
            description = "Accept whatever certificate the local service has.")
    private boolean localInsecure;

    @Option(
            names = "--server",
            paramLabel = "HOST[:PORT]",
            converter = ServerParsing.class,
            description = "The server's address, instead of the one in the join string; its token and key stay.")
    private @Nullable HostPort server;

    @Option(
            names = "--join-file",
            paramLabel = "FILE",
            converter = PathParsing.class,
            description = "File with the server's join string.")
    private @Nullable Path joinFile;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            converter = NameParsing.class,
            description = "Name under the server's domain. Default: a friendly random one, kept while the client runs.")
    private String name = "";

    @Option(
            names = "--protocol",
            paramLabel = "http|tcp",
            converter = ProtocolParsing.class,
            description = "http: by name and by port. tcp: by port, for any protocol. Default: http.")
    private TunnelProtocol protocol = TunnelProtocol.HTTP;

    @Option(
            names = "--public-port",
            paramLabel = "PORT",
            converter = PortParsing.class,
            description = "The tunnel's public port on the server. Default: any free one.")
    private int publicPort;

    @Mixin
    private EdgeArguments edge = new EdgeArguments();

    @Option(
            names = "--plain",
            arity = "0..1",
            paramLabel = "insecure",
            fallbackValue = "",
            converter = PlainMode.Value.class,
            description = "No TLS to the server, which needs --plain too. Off loopback it must be written --plain=insecure.")
    private PlainMode plain = PlainMode.OFF;

    @Option(
            names = "--exit-on-disconnect",
            description = "For scripts: end with exit code 1 where the server cannot be reached or the connection to it is lost,"
                    + " instead of dialling again. A server that announces its restart is followed to the new one.")
    private boolean exitOnDisconnect;

    @Option(names = "--verbose", description = "Log more.")
    private boolean verbose;

    /// Runs the program.
    public static void main(String... arguments) {
        Program.run(new ClientCommand(), arguments);
    }

    @Override
    public Integer call() throws IOException, RefusedException {
        if (local == null) {
            throw usage("which local service? Give its port, as in --local 4000");
        }
        ClientSettings.Wish wish = wish(local);
        JoinString join = new JoinFiles(Home.ofThisUser()).find(joinFile).at(server);
        if (plain == PlainMode.LOOPBACK && !isLoopback(join.server().host())) {
            throw usage("--plain without TLS would leave this machine for " + join.server()
                    + ", where anybody on the way can read and change everything. Leave it out, or write --plain=insecure"
                    + " if the link is private");
        }
        Logging.start(verbose);
        Console console = new Console(System.out);
        TunnelClient client = new TunnelClient(new ClientSettings(join, plain != PlainMode.OFF, wish, exitOnDisconnect), console);
        Program.onSignal(Duration.ZERO, () -> {
            client.close();
            console.flush();
        });
        try {
            client.run();
        } finally {
            client.close();
            console.flush();
        }
        return 0;
    }

    private ClientSettings.Wish wish(Local wished) {
        if (protocol == TunnelProtocol.TCP) {
            String forHttp = edge.firstGiven();
            if (forHttp != null) {
                throw usage(forHttp + " is for HTTP: leave it out, or leave --protocol tcp out");
            }
            if (wished instanceof Local.Folder) {
                throw usage("--local " + wished + " is a folder, which is served by HTTP: leave --protocol tcp out");
            }
        }
        return new ClientSettings.Wish(
                localInsecure ? insecure(wished) : wished, protocol, name, publicPort, edge.options(wished));
    }

    private Local insecure(Local wished) {
        if (wished instanceof Local.Service service && service.security() != Local.Security.NONE) {
            return new Local.Service(service.address(), Local.Security.ANY_CERTIFICATE);
        }
        throw usage("--local-insecure is for a local service with TLS: leave it out, or write --local https://localhost:8443");
    }

    private static boolean isLoopback(String host) {
        try {
            return host.equalsIgnoreCase("localhost")
                    || Arrays.stream(InetAddress.getAllByName(host)).allMatch(InetAddress::isLoopbackAddress);
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private ParameterException usage(String message) {
        if (spec == null) {
            throw new IllegalStateException("not made by picocli");
        }
        return new ParameterException(spec.commandLine(), message);
    }

    /// Reads `--local`.
    static final class LocalParsing extends Parsing<Local> {
        LocalParsing() {
            super(text -> Local.parse(text, Home.ofThisUser()));
        }
    }

    /// Reads `--server`.
    static final class ServerParsing extends Parsing<HostPort> {
        ServerParsing() {
            super(text -> HostPort.parse(text, null, JoinString.DEFAULT_PORT));
        }
    }

    /// Reads `--name`.
    static final class NameParsing extends Parsing<String> {
        NameParsing() {
            super(Names::check);
        }
    }

    /// Reads `--protocol`.
    static final class ProtocolParsing extends Parsing<TunnelProtocol> {
        ProtocolParsing() {
            super(ProtocolParsing::parse);
        }

        private static TunnelProtocol parse(String text) {
            return switch (text.toLowerCase(Locale.ROOT)) {
                case "http" -> TunnelProtocol.HTTP;
                case "tcp" -> TunnelProtocol.TCP;
                default -> throw new IllegalArgumentException("'" + text + "' is not a protocol: write http or tcp");
            };
        }
    }
}
