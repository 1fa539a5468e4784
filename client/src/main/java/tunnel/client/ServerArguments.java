package tunnel.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tunnel.cli.HelpGroup;
import tunnel.cli.Parsing;
import tunnel.cli.PathParsing;
import tunnel.cli.PlainMode;
import tunnel.cli.RefusedException;
import tunnel.home.Home;
import tunnel.net.HostPort;
import tunnel.protocol.JoinString;
import tunnel.protocol.Pin;
import tunnel.protocol.Token;

/// The options that say which server, and how it is reached.
@HelpGroup("Server")
final class ServerArguments {
    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec;

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
            names = "--plain",
            arity = "0..1",
            paramLabel = "insecure",
            fallbackValue = "",
            converter = PlainMode.Value.class,
            description = "No TLS to the server, which needs --plain too. Off loopback it must be written --plain=insecure.")
    private PlainMode plain = PlainMode.OFF;

    @Option(names = "--token", hidden = true, paramLabel = "TOKEN", converter = TokenParsing.class)
    private @Nullable String token; // from TUNNEL_TOKEN or a file

    @Option(names = "--pin", hidden = true, paramLabel = "sha256:PIN", converter = PinParsing.class)
    private @Nullable Pin pin; // from TUNNEL_PIN or a file

    boolean isPlain() {
        return plain != PlainMode.OFF;
    }

    /// The file that the join string is in; null where the environment or the configuration file has the token.
    @Nullable Path file() throws RefusedException {
        return token != null ? null : new JoinFiles(Home.ofThisUser()).file(joinFile);
    }

    /// The server's join string.
    ///
    /// @throws ParameterException with a sentence for the user
    /// @throws RefusedException the same, where there is none
    /// @throws IOException where it cannot be read
    JoinString join() throws IOException, RefusedException {
        JoinString found = token == null ? new JoinFiles(Home.ofThisUser()).find(joinFile) : joinBy(token);
        JoinString join = found.at(server).with(pin);
        if (plain == PlainMode.LOOPBACK && !isLoopback(join.server().host())) {
            throw usage("--plain without TLS would leave this machine for " + join.server()
                    + ", where anybody on the way can read and change everything. Leave it out, or write --plain=insecure"
                    + " if the link is private");
        }
        return join;
    }

    /// A join string, or a token alone: then it has to be said which server it is for, and how that is recognised.
    private JoinString joinBy(String said) {
        if (Objects.requireNonNull(spec).commandLine().getParseResult().hasMatchedOption("--token")) {
            throw usage("a token is not typed, since other users of this machine see command lines. Put it into TUNNEL_TOKEN or"
                    + " the configuration file, or run 'tunnel-client login'");
        }
        if (isJoinString(said)) {
            return JoinString.parse(said);
        }
        if (server == null) {
            throw usage("the token alone does not say which server it is for. Set TUNNEL_SERVER too, or let TUNNEL_TOKEN be the whole"
                    + " join string");
        }
        if (pin == null && plain == PlainMode.OFF) {
            throw usage("the token alone does not say how " + server + " is recognised, and anybody on the way could pose as it."
                    + " Set TUNNEL_PIN to what is behind pin= in the join string, or let TUNNEL_TOKEN be the whole join string");
        }
        return new JoinString(Token.parse(said), server, pin == null ? Pin.NOBODY : pin);
    }

    /// Whether what is said for a token is more than that.
    static boolean isJoinString(String said) {
        return said.strip().startsWith(JoinString.SCHEME);
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
        return new ParameterException(Objects.requireNonNull(spec).commandLine(), message);
    }

    /// Reads `--server`.
    static final class ServerParsing extends Parsing<HostPort> {
        ServerParsing() {
            super(text -> HostPort.parse(text, null, JoinString.DEFAULT_PORT));
        }
    }

    /// Reads a token, or a join string with one. Shows neither.
    static final class TokenParsing extends Parsing<String> {
        TokenParsing() {
            super(TokenParsing::checked);
        }

        private static String checked(String text) {
            String said = text.strip();
            if (isJoinString(said)) {
                JoinString.parse(said);
            } else {
                Token.parse(said);
            }
            return said;
        }
    }

    /// Reads a server's pin.
    static final class PinParsing extends Parsing<Pin> {
        PinParsing() {
            super(Pin::parse);
        }
    }
}
