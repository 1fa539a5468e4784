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

    boolean isPlain() {
        return plain != PlainMode.OFF;
    }

    /// The file that the join string is in.
    Path file() throws RefusedException {
        return new JoinFiles(Home.ofThisUser()).file(joinFile);
    }

    /// The server's join string.
    ///
    /// @throws ParameterException with a sentence for the user
    /// @throws RefusedException the same, where there is none
    /// @throws IOException where it cannot be read
    JoinString join() throws IOException, RefusedException {
        JoinString join = new JoinFiles(Home.ofThisUser()).find(joinFile).at(server);
        if (plain == PlainMode.LOOPBACK && !isLoopback(join.server().host())) {
            throw usage("--plain without TLS would leave this machine for " + join.server()
                    + ", where anybody on the way can read and change everything. Leave it out, or write --plain=insecure"
                    + " if the link is private");
        }
        return join;
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
}
