package tunnel.client;

import java.lang.reflect.Field;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tunnel.cli.Amounts;
import tunnel.cli.HelpGroup;
import tunnel.cli.NamesFile;
import tunnel.cli.Parsing;
import tunnel.local.Local;
import tunnel.net.Cidr;
import tunnel.net.HostPort;
import tunnel.protocol.EdgeOptions.Credential;
import tunnel.protocol.EdgeOptions.FieldEdit;
import tunnel.protocol.EdgeOptions;
import tunnel.protocol.HostNames;

/// The options of `tunnel-client` that the server's HTTP edge acts on.
@HelpGroup("HTTP, done by the server")
final class EdgeArguments {
    private static final String REWRITE = "rewrite";

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--host",
            paramLabel = "HOST",
            converter = HostParsing.class,
            description = "A host of your own, as in www.example.org, that leads to the tunnel too; its DNS has to point to"
                    + " the server, which has to allow it. May be repeated.")
    private List<String> hosts = new ArrayList<>();

    @Option(
            names = "--basic-auth",
            paramLabel = "USER:PASSWORD|@FILE",
            converter = UsersParsing.class,
            description = "Let visitors in with this user and password only. Other users of this machine may see command lines:"
                    + " @FILE reads them from a file, one a line. May be repeated.")
    private List<Users> users = new ArrayList<>();

    @Option(
            names = "--allow",
            paramLabel = "CIDR",
            split = ",",
            converter = BlockParsing.class,
            description = "Let in visitors from these addresses only, as in 203.0.113.0/24. May be repeated, or several with"
                    + " commas.")
    private List<Cidr> allow = new ArrayList<>();

    @Option(
            names = "--deny",
            paramLabel = "CIDR",
            split = ",",
            converter = BlockParsing.class,
            description = "Keep out visitors from these addresses, whatever --allow says.")
    private List<Cidr> deny = new ArrayList<>();

    @Option(
            names = "--max-body",
            paramLabel = "SIZE",
            converter = SizeParsing.class,
            description = "The largest body that a request may have, as in 10M, 512K or 1G.")
    private long maxBody;

    @Option(
            names = "--rate",
            paramLabel = "N/s",
            converter = RateParsing.class,
            description = "Requests a second that each visitor's address may make, as in 50/s.")
    private int rate;

    @Option(
            names = "--response-timeout",
            paramLabel = "TIME",
            converter = TimeoutParsing.class,
            description = "How long the app may take to begin its response, as in 30s, 500ms or 2m.")
    private Duration responseTimeout = Duration.ZERO;

    @Option(
            names = "--host-header",
            paramLabel = "rewrite|VALUE",
            converter = HostHeaderParsing.class,
            description = "The Host that the app sees, for apps that refuse hosts they do not know. rewrite: the one of --local.")
    private String hostHeader = "";

    @Option(
            names = "--request-header",
            paramLabel = "'NAME: VALUE'",
            converter = FieldParsing.class,
            description = "Set a header field in requests, or remove it where the value is empty. May be repeated.")
    private List<FieldEdit> requestFields = new ArrayList<>();

    @Option(
            names = "--response-header",
            paramLabel = "'NAME: VALUE'",
            converter = FieldParsing.class,
            description = "The same in responses.")
    private List<FieldEdit> responseFields = new ArrayList<>();

    /// The first of these options that was given, or null.
    @Nullable String firstGiven() {
        CommandSpec command = Objects.requireNonNull(spec);
        return command.commandLine().getParseResult().matchedOptions().stream()
                .filter(option -> option.userObject() instanceof Field field
                        && field.getDeclaringClass() == EdgeArguments.class)
                .map(OptionSpec::longestName)
                .findFirst()
                .orElse(null);
    }

    /// What they say, of a tunnel that leads to `local`.
    EdgeOptions options(Local local) {
        List<Credential> credentials = users.stream().flatMap(one -> one.credentials().stream()).toList();
        bound("--host is given", hosts.size(), EdgeOptions.MOST_HOSTS);
        bound("--basic-auth is given", credentials.size(), EdgeOptions.MOST_CREDENTIALS);
        bound("--allow and --deny are given", allow.size() + deny.size(), EdgeOptions.MOST_BLOCKS);
        String seenHost = hostHeader(local);
        try {
            return new EdgeOptions(
                    hosts,
                    credentials,
                    allow,
                    deny,
                    maxBody,
                    rate,
                    responseTimeout,
                    seenHost,
                    requestFields,
                    responseFields);
        } catch (IllegalArgumentException e) { // all the rest was checked where it was read
            throw usage("--request-header and --response-header: " + e.getMessage());
        }
    }

    private void bound(String what, int times, int most) {
        if (times > most) {
            throw usage(what + " " + times + " times, but one tunnel has at most " + most);
        }
    }

    private String hostHeader(Local local) {
        if (!hostHeader.equalsIgnoreCase(REWRITE)) {
            return hostHeader;
        }
        return switch (local) {
            case Local.Service service -> asHost(service.address());
            case Local.Folder _ -> throw usage("--host-header=rewrite is for a local service: a folder"
                    + " has no host. Leave it out");
        };
    }

    private String asHost(HostPort address) {
        try {
            return HostNames.checkHeader(address.toString());
        } catch (IllegalArgumentException e) {
            throw usage("--host-header=rewrite: " + e.getMessage());
        }
    }

    private ParameterException usage(String message) {
        return new ParameterException(Objects.requireNonNull(spec).commandLine(), message);
    }

    /// Reads `--host`.
    static final class HostParsing extends Parsing<String> {
        HostParsing() {
            super(HostNames::check);
        }
    }

    /// Reads `--basic-auth`.
    static final class UsersParsing extends Parsing<Users> implements NamesFile {
        UsersParsing() {
            super(Users::parse);
        }

        @Override
        public String in(Path folder, String text) {
            return text.startsWith("@") ? "@" + NamesFile.path(folder, text.substring(1)) : text;
        }
    }

    /// Reads `--allow` and `--deny`.
    static final class BlockParsing extends Parsing<Cidr> {
        BlockParsing() {
            super(Cidr::parse);
        }
    }

    /// Reads `--max-body`.
    static final class SizeParsing extends Parsing<Long> {
        SizeParsing() {
            super(Amounts::bytes);
        }
    }

    /// Reads `--rate`.
    static final class RateParsing extends Parsing<Integer> {
        RateParsing() {
            super(text -> atMost(Amounts.perSecond(text), EdgeOptions.MOST_RATE));
        }

        private static int atMost(int rate, int most) {
            if (rate > most) {
                throw new IllegalArgumentException(rate + "/s is more than " + most + "/s: write less");
            }
            return rate;
        }
    }

    /// Reads `--response-timeout`.
    static final class TimeoutParsing extends Parsing<Duration> {
        TimeoutParsing() {
            super(text -> atMost(Amounts.time(text), text));
        }

        private static Duration atMost(Duration time, String text) {
            if (time.compareTo(EdgeOptions.LONGEST_TIMEOUT) > 0) {
                throw new IllegalArgumentException("'" + text + "' is longer than 24 h, which is 1440m: write less");
            }
            return time;
        }
    }

    /// Reads `--host-header`.
    static final class HostHeaderParsing extends Parsing<String> {
        HostHeaderParsing() {
            super(HostNames::checkHeader);
        }
    }

    /// Reads `--request-header` and `--response-header`.
    static final class FieldParsing extends Parsing<FieldEdit> {
        FieldParsing() {
            super(FieldParsing::parse);
        }

        private static FieldEdit parse(String text) {
            int colon = text.indexOf(':');
            if (colon < 1) {
                String name = text.strip().split("[\\s:=]", 2)[0]; // what follows may be secret
                throw new IllegalArgumentException("'" + name + "' is not a header field: write it as in 'X-Robots-Tag: none'");
            }
            return new FieldEdit(text.substring(0, colon), text.substring(colon + 1).strip());
        }
    }
}
