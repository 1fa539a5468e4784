package tunnel.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tunnel.cli.Amounts;
import tunnel.cli.HelpGroup;
import tunnel.cli.Parsing;
import tunnel.cli.PathParsing;
import tunnel.cli.PlainMode;
import tunnel.cli.PortParsing;
import tunnel.cli.Program;
import tunnel.cli.Terminal;
import tunnel.cli.Version;
import tunnel.config.BadFileException;
import tunnel.config.ConfigArguments;
import tunnel.config.FileWatch;
import tunnel.config.Rules;
import tunnel.config.Sources;
import tunnel.config.Wording;
import tunnel.home.Home;
import tunnel.log.Logging;
import tunnel.net.Addresses;
import tunnel.server.registry.PortRange;

/// What `tunnel-server` does when it is told of no command: serves. A class of its own, as a start without the models of all
/// commands takes less time.
@Command(
        name = "tunnel-server",
        versionProvider = Version.class,
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Gives web apps on other computers a public address: accepts tunnel-client on the control port, and visitors on"
                    + " the HTTP edge (by name) and on each tunnel's own port.",
            "",
            "With no options it serves this machine alone, for trying it out."
        },
        footer = {
            "",
            "Examples:",
            "  tunnel-server                               this machine only, for a trial",
            "  tunnel-server --domain tunnel.example.com   a VPS; prints the join string",
            "",
            "What is not typed is taken from the environment, as TUNNEL_HTTP_PORT for --http-port, else from"
                    + " /etc/tunnel/server.toml, where the keys are the options' names.",
            "",
            "Exit codes: 0 stopped by a signal, 1 failed, 2 wrong usage."
        })
class ServeCommand implements Callable<Integer> {
    private static final Logger log = LoggerFactory.getLogger(ServeCommand.class);
    private static final String LOCALHOST = "localhost";

    @Spec
    private @Nullable CommandSpec spec;

    @HelpGroup("Addresses and ports")
    @Option(
            names = "--domain",
            paramLabel = "DOMAIN",
            defaultValue = LOCALHOST,
            converter = DomainParsing.class,
            description = "Base domain of the tunnels' names; *.DOMAIN must resolve to this server. Default: ${DEFAULT-VALUE}.")
    private String domain = LOCALHOST;

    @HelpGroup("Addresses and ports")
    @Option(
            names = "--bind",
            paramLabel = "ADDRESS",
            split = ",",
            description = "Address to listen on; may be repeated. Default: 127.0.0.1 and ::1 for domain localhost, otherwise"
                    + " all addresses.")
    private List<String> bind = new ArrayList<>();

    @HelpGroup("Addresses and ports")
    @Option(
            names = "--control-port",
            paramLabel = "PORT",
            defaultValue = "7000",
            converter = PortParsing.class,
            description = "Port for clients, 0 for a free one. Default: ${DEFAULT-VALUE}.")
    private int controlPort;

    @HelpGroup("Addresses and ports")
    @Option(
            names = "--http-port",
            paramLabel = "PORT",
            defaultValue = "8080",
            converter = PortParsing.class,
            description = "Port of the HTTP edge, 0 for a free one. Default: ${DEFAULT-VALUE}.")
    private int httpPort;

    @HelpGroup("Addresses and ports")
    @Option(
            names = "--ports",
            paramLabel = "FIRST-LAST",
            defaultValue = "20000-20999",
            converter = PortRangeParsing.class,
            description = "Public ports that tunnels may have. Default: ${DEFAULT-VALUE}.")
    private PortRange ports = new PortRange(20000, 20999);

    @Mixin
    private final PublicOptions publicOptions = new PublicOptions();

    @Mixin
    private final LimitOptions limitOptions = new LimitOptions();

    @HelpGroup("Running")
    @Option(
            names = "--state-dir",
            paramLabel = "DIR",
            converter = PathParsing.class,
            description = "Folder for the key, the tokens and the join string."
                    + " Default: tunnel-server in $XDG_STATE_HOME or in ~/.local/state.")
    private @Nullable Path stateDirectory;

    @HelpGroup("Running")
    @Option(
            names = "--drain",
            paramLabel = "TIME",
            defaultValue = "30s",
            converter = DrainParsing.class,
            description = "How long requests and connections that are under way may go on when the server is told to stop, as in"
                    + " 30s or 0s. Default: ${DEFAULT-VALUE}.")
    private Duration drain = Duration.ofSeconds(30);

    @HelpGroup("Running")
    @Option(
            names = "--take-over",
            description = "Take the place of the server that runs with the same state directory, if there is one: its clients"
                    + " come over, and it ends when its visitors have been served. For upgrades without loss.")
    private boolean takeOver;

    @HelpGroup("Running")
    @Option(
            names = "--plain",
            arity = "0..1",
            paramLabel = "insecure",
            fallbackValue = "",
            converter = PlainMode.Value.class,
            description = "No TLS on the control port, for links that are private already; clients need it too. Off loopback"
                    + " it must be written --plain=insecure.")
    private PlainMode plain = PlainMode.OFF;

    @Mixin
    private final ConfigArguments configArguments = new ConfigArguments();

    @HelpGroup("Running")
    @Option(names = "--verbose", description = "Log more.")
    private boolean verbose;

    @Override
    public Integer call() throws IOException, InterruptedException {
        ServerConfig config = ServerConfig.find(configArguments);
        ServerSettings wanted = settings(config);
        Logging.start(verbose);
        ServerSettings settings = wanted.with(Descriptors.fit(wanted));
        TunnelServer server = TunnelServer.start(settings);
        Program.onSignal(drain, () -> {
            log.info("stopping");
            server.drain(drain);
            server.close();
        });
        Descriptors.explain(wanted.limits(), settings.limits());
        announce(server, settings);
        try (FileWatch _ = config == null ? null : config.watch()) {
            server.awaitSuccessor(); // or until a signal ends the process
        }
        log.info("another server has taken over, this one ends when its visitors have been served");
        server.drain(drain);
        server.close();
        return 0;
    }

    /// As it was given, or null.
    @Nullable Path stateDirectory() {
        return stateDirectory;
    }

    /// Which configuration file was named.
    ConfigArguments configArguments() {
        return configArguments;
    }

    /// What a server would start with that was given these options.
    ///
    /// @throws IOException with a sentence for the operator, where the configuration file cannot be read
    ServerSettings mergedSettings() throws IOException {
        return settings(ServerConfig.find(configArguments));
    }

    /// With what is not typed from the environment and the file.
    private ServerSettings settings(@Nullable ServerConfig config) throws IOException {
        try {
            if (config != null) {
                config.checkForm();
            }
            Sources sources = new Sources(System.getenv(), config == null ? null : config.file());
            sources.apply(Objects.requireNonNull(spec), ServerConfig::keys, Rules.NONE);
            try {
                return settings();
            } catch (ParameterException e) {
                if (config != null && sources.of(Wording.keyOf(e)) == Sources.Source.FILE) {
                    throw usage(config.located(e).toString());
                }
                throw e;
            }
        } catch (BadFileException e) {
            throw configArguments.wrong(e);
        }
    }

    /// What the options say.
    ///
    /// @throws ParameterException with a sentence for the operator
    ServerSettings settings() throws IOException {
        List<InetAddress> addresses = addresses();
        if (plain == PlainMode.LOOPBACK && !addresses.stream().allMatch(InetAddress::isLoopbackAddress)) {
            throw usage("--plain without TLS would listen beyond loopback, where anybody on the way can read and change"
                    + " everything. Leave it out, or write --plain=insecure if the link is private");
        }
        Path state = stateDirectory != null ? stateDirectory : Home.ofThisUser().serverState();
        return new ServerSettings(
                domain,
                addresses,
                controlPort,
                httpPort,
                ports,
                state,
                plain != PlainMode.OFF,
                publicOptions.settings(domain),
                limitOptions.limits(addresses.stream().allMatch(InetAddress::isLoopbackAddress)),
                takeOver);
    }

    private List<InetAddress> addresses() throws IOException {
        if (bind.isEmpty()) {
            return domain.equals(LOCALHOST) ? Addresses.loopback() : Addresses.any();
        }
        List<InetAddress> addresses = new ArrayList<>();
        for (String address : bind) {
            try {
                if (address.isEmpty()) { // which Java takes for loopback
                    throw new UnknownHostException(address);
                }
                addresses.add(InetAddress.getByName(address));
            } catch (UnknownHostException e) {
                throw usage("--bind: '" + address + "' is not an address of this machine: write one, as in 127.0.0.1 or ::");
            }
        }
        return addresses;
    }

    private ParameterException usage(String message) {
        if (spec == null) {
            throw new IllegalStateException("not made by picocli");
        }
        return new ParameterException(spec.commandLine(), message);
    }

    private static void announce(TunnelServer server, ServerSettings settings) {
        String where = settings.addresses().stream().map(Addresses::text).reduce((a, b) -> a + ", " + b).orElse("");
        log.info("listening on {}: control port {}{}, HTTP edge {}, tunnels' ports {}",
                where,
                server.controlPort(),
                settings.plain() ? " (without TLS)" : "",
                server.httpPort(),
                settings.ports());
        Path joinFile = settings.stateDirectory().resolve(Home.JOIN);
        if (settings.domain().equals(LOCALHOST)) {
            log.info("clients of this user on this machine find the server by {}", joinFile);
            return;
        }
        if (server.isJoinStringNew() || Terminal.console() != null) {
            log.info("give clients this join string, by 'tunnel-client login'; it is secret, and kept in {}", joinFile);
            System.out.println(server.joinString().text());
        } else {
            log.info("clients join with the string in {}", joinFile);
        }
    }

    /// Reads `--ports`.
    static final class PortRangeParsing extends Parsing<PortRange> {
        PortRangeParsing() {
            super(PortRange::parse);
        }
    }

    /// Reads `--drain`.
    static final class DrainParsing extends Parsing<Duration> {
        DrainParsing() {
            super(text -> text.matches("0(ms|s|m)?") ? Duration.ZERO : Amounts.time(text));
        }
    }

    /// Reads `--domain`.
    static final class DomainParsing extends Parsing<String> {
        private static final String LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
        private static final int LONGEST = 253 - 64; // a name and its dot fit before it (RFC 1035, section 2.3.4)

        DomainParsing() {
            super(DomainParsing::parse);
        }

        private static String parse(String text) {
            String domain = text.toLowerCase(Locale.ROOT);
            if (domain.length() > LONGEST || !domain.matches("(" + LABEL + "\\.)*" + LABEL)) {
                throw new IllegalArgumentException("'" + text + "' is not a domain name: write it as in tunnel.example.com");
            }
            return domain;
        }
    }
}
