package tunnel.server;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tunnel.cli.Amounts;
import tunnel.cli.HelpGroup;
import tunnel.cli.Parsing;
import tunnel.server.registry.Limits;

/// The options of `tunnel-server` that are about bounds.
@HelpGroup("Bounds")
final class LimitOptions {
    @Option(
            names = "--max-visitors",
            paramLabel = "N",
            defaultValue = "20000",
            converter = CountParsing.class,
            description = "Visitors' connections at once, in all. Default: ${DEFAULT-VALUE}.")
    private int visitors;

    @Option(
            names = "--max-visitors-per-address",
            paramLabel = "N",
            converter = CountParsing.class,
            description = "The same from one address, or one /64 of IPv6. Trusted proxies have no such bound. Default: 256;"
                    + " on a server for this machine alone, where all have one address, as many as in all.")
    private @Nullable Integer visitorsPerAddress;

    @Option(
            names = "--max-visitors-per-tunnel",
            paramLabel = "N",
            defaultValue = "5000",
            converter = CountParsing.class,
            description = "HTTP requests under way in one tunnel, or its TCP connections. Default: ${DEFAULT-VALUE}.")
    private int visitorsPerTunnel;

    @Option(
            names = "--idle-timeout",
            paramLabel = "TIME",
            defaultValue = "60s",
            converter = TimeParsing.class,
            description = "How long a visitor may take to send the next request on an HTTP connection, or the next part of a"
                    + " body. Default: ${DEFAULT-VALUE}.")
    private Duration idle = Duration.ZERO;

    @Option(
            names = "--stream-lifetime",
            paramLabel = "TIME",
            converter = TimeParsing.class,
            description = "How long a TCP connection, a WebSocket or an HTTP exchange may last, as in 30s or 720m. Default:"
                    + " as long as it likes.")
    private @Nullable Duration lifetime;

    @Option(
            names = "--max-sessions-per-token",
            paramLabel = "N",
            defaultValue = "1000",
            converter = CountParsing.class,
            description = "Clients at once that use the same token. Default: ${DEFAULT-VALUE}.")
    private int sessionsPerToken;

    @Option(
            names = "--lease-grace",
            paramLabel = "TIME",
            defaultValue = "10m",
            converter = LifetimeParsing.class,
            description = "How long a name, host or port stays its token's after its client was lost, as in 10m or 2h. Default:"
                    + " ${DEFAULT-VALUE}.")
    private Duration leaseGrace = Duration.ZERO;

    /// The bounds as they are wished for, the others as usual.
    ///
    /// @param local whether the server is for this machine alone
    Limits limits(boolean local) {
        Limits usual = Limits.DEFAULT;
        Limits.Http http = usual.http();
        Limits.Logins logins = usual.logins();
        Limits.Sessions sessions = usual.sessions();
        Limits.Streams streams = usual.streams();
        int perAddress = local ? visitors : usual.visitors().perAddress();
        return usual.with(new Limits.Visitors(
                        visitors,
                        visitorsPerAddress == null ? perAddress : visitorsPerAddress,
                        visitorsPerTunnel, usual.visitors().stalled()))
                .with(new Limits.Http(http.head(), idle, http.response(), http.parkedFor(), http.parked()))
                .with(new Limits.Clients(
                        Math.max(usual.clients().most(), visitors), usual.clients().stalled()))
                .with(new Limits.Logins(
                        logins.firstFrame(),
                        logins.pending(),
                        logins.pendingPerAddress(),
                        Math.max(logins.sessions(), sessionsPerToken),
                        sessionsPerToken))
                .with(new Limits.Sessions(
                        sessions.heartbeat(), sessions.takeover(), leaseGrace, sessions.tunnels(), sessions.doubt()))
                .with(new Limits.Streams(
                        streams.accept(),
                        streams.attempt(),
                        streams.opened(),
                        streams.silence(),
                        lifetime == null ? streams.lifetime() : lifetime));
    }

    /// Reads a number of things.
    static final class CountParsing extends Parsing<Integer> {
        CountParsing() {
            super(CountParsing::parse);
        }

        private static int parse(String text) {
            if (!text.matches("0*[1-9][0-9]{0,6}")) {
                throw new IllegalArgumentException("'" + text + "' is not a number from 1 to 9999999");
            }
            return Integer.parseInt(text);
        }
    }

    /// Reads a time that may be a long one.
    static final class LifetimeParsing extends Parsing<Duration> {
        LifetimeParsing() {
            super(Amounts::lifetime);
        }
    }

    /// Reads a time.
    static final class TimeParsing extends Parsing<Duration> {
        TimeParsing() {
            super(Amounts::time);
        }
    }
}
