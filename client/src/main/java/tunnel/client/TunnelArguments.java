package tunnel.client;

import java.lang.reflect.Field;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tunnel.cli.Amounts;
import tunnel.cli.HelpGroup;
import tunnel.cli.NamesFile;
import tunnel.cli.Parsing;
import tunnel.cli.PortParsing;
import tunnel.home.Home;
import tunnel.local.Local;
import tunnel.protocol.LocalWait;
import tunnel.protocol.Names;
import tunnel.protocol.TunnelProtocol;

/// The options that describe one tunnel.
@HelpGroup("Tunnel")
final class TunnelArguments {
    /// What a dev server takes to start, or a build before it.
    private static final Duration WAIT_FOR_OWN = Duration.ofSeconds(10);

    @Spec(Spec.Target.MIXEE)
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

    @Option(
            names = "--wait-for-local",
            paramLabel = "TIME|off",
            converter = WaitParsing.class,
            description = "While the local service is down, as when it restarts, hold visitors for so long, as in 10s,"
                    + " instead of turning them away at once. Default: off; 10s where this program starts it.")
    private @Nullable Duration localWait;

    @Mixin
    private EdgeArguments edge = new EdgeArguments();

    /// Whether any of them was typed.
    boolean isGiven() {
        CommandSpec command = Objects.requireNonNull(spec);
        return command.commandLine().getParseResult().matchedOptions().stream()
                .anyMatch(option -> option.userObject() instanceof Field field
                        && (field.getDeclaringClass() == TunnelArguments.class
                                || field.getDeclaringClass() == EdgeArguments.class));
    }

    /// The tunnel that they describe.
    ///
    /// @param startsApp whether this program starts the local service itself, whose first visitors come before it listens
    /// @throws ParameterException with a sentence for the user
    ClientSettings.Wish wish(boolean startsApp) {
        if (local == null) {
            throw usage("which local service? Give its port, as in --local 4000");
        }
        return wish(local, startsApp);
    }

    /// The same where both were said in another way.
    ClientSettings.Wish wish(Local wished, TunnelProtocol wishedProtocol, boolean startsApp) {
        protocol = wishedProtocol;
        return wish(wished, startsApp);
    }

    private ClientSettings.Wish wish(Local wished, boolean startsApp) {
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
                        localInsecure ? insecure(wished) : wished, protocol, name, publicPort, edge.options(wished))
                .waiting(waitFor(wished, startsApp));
    }

    private Duration waitFor(Local wished, boolean startsApp) {
        if (localWait != null && !localWait.isZero() && wished instanceof Local.Folder) {
            throw usage("--wait-for-local is for a local service: a folder is always there. Leave it out");
        }
        boolean isDefault = startsApp && wished instanceof Local.Service;
        return localWait == null ? isDefault ? WAIT_FOR_OWN : Duration.ZERO : localWait;
    }

    private Local insecure(Local wished) {
        if (wished instanceof Local.Service service && service.security() != Local.Security.NONE) {
            return new Local.Service(service.address(), Local.Security.ANY_CERTIFICATE);
        }
        throw usage("--local-insecure is for a local service with TLS: leave it out, or write --local https://localhost:8443");
    }

    private ParameterException usage(String message) {
        return new ParameterException(Objects.requireNonNull(spec).commandLine(), message);
    }

    /// Reads `--local`.
    static final class LocalParsing extends Parsing<Local> implements NamesFile {
        LocalParsing() {
            super(text -> Local.parse(text, Home.ofThisUser()));
        }

        /// What begins with a dot is a folder, whatever else there is.
        @Override
        public String in(Path folder, String text) {
            return text.startsWith(".") || text.startsWith("~") ? NamesFile.path(folder, text) : text;
        }
    }

    /// Reads `--name`.
    static final class NameParsing extends Parsing<String> {
        NameParsing() {
            super(Names::check);
        }
    }

    /// Reads `--wait-for-local`.
    static final class WaitParsing extends Parsing<Duration> {
        WaitParsing() {
            super(WaitParsing::parse);
        }

        private static Duration parse(String text) {
            if (text.equalsIgnoreCase("off")) {
                return Duration.ZERO;
            }
            Duration time = Amounts.time(text);
            if (time.compareTo(LocalWait.LONGEST) > 0) {
                throw new IllegalArgumentException("'" + text + "' is longer than " + LocalWait.LONGEST.toSeconds()
                        + " s, and visitors have left by then");
            }
            return time;
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
