package tunnel.server.registry;

import java.time.Duration;

/// Every bound of the server in one place, by what it bounds. {@link #DEFAULT} says why each has its value.
public record Limits(
        Visitors visitors,
        Http http,
        Clients clients,
        Logins logins,
        Penalties penalties,
        Sessions sessions,
        Channels channels,
        Streams streams) {
    /// Bounds on visitors' connections.
    ///
    /// @param most in all
    /// @param perAddress from one address, or one /64 of IPv6, that is not a trusted proxy's
    /// @param perTunnel to one tunnel; on HTTP requests under way
    /// @param stalled that a write may wait for the visitor to read
    public record Visitors(int most, int perAddress, int perTunnel, Duration stalled) {}

    /// Bounds of the HTTP edge. Those on a head's size are the parser's.
    ///
    /// @param head for a visitor to complete the head of a request, from its first byte or from the connection's beginning
    /// @param idle for a visitor to send the next request on a connection, or the next part of a body
    /// @param response for the local service to begin its response, where the tunnel has no wish of its own
    /// @param parkedFor that a connection to a local service is kept for the next request
    /// @param parked the most such connections that a tunnel keeps
    public record Http(Duration head, Duration idle, Duration response, Duration parkedFor, int parked) {
        public static final Http DEFAULT = new Http(
                Duration.ofSeconds(10), // what a person on a bad link needs, and no more
                Duration.ofSeconds(60), // as nginx; browsers come back within seconds or not at all
                Duration.ofMinutes(5), // long polls take 1 to 2
                Duration.ofSeconds(20), // Node closes them after 5, most others later
                256); // half of the idle data channels that a session may keep
    }

    /// Bounds on connections to the control port.
    ///
    /// @param most in all, data channels included
    /// @param stalled that a write to a control channel may wait for the client to read
    public record Clients(int most, Duration stalled) {}

    /// Bounds on who logs in.
    ///
    /// @param firstFrame for a connection to complete its handshake and first frame
    /// @param pending connections of strangers that have not logged in yet, in all
    /// @param pendingPerAddress the same from one address, or one /64 of IPv6
    /// @param sessions in all
    /// @param sessionsPerToken of one token
    public record Logins(
            Duration firstFrame, int pending, int pendingPerAddress, int sessions, int sessionsPerToken) {}

    /// What logins that fail cost their address.
    ///
    /// @param step that the first failure costs; the n-th costs n times as much
    /// @param longest that an address may owe
    public record Penalties(Duration step, Duration longest) {
        /// What two failures amount to, which a person who mistypes should not notice.
        public Duration free() {
            return step.multipliedBy(3);
        }
    }

    /// Bounds on sessions.
    ///
    /// @param heartbeat between pings on a control channel; a session unheard for three times as long is over
    /// @param takeover for an old session to answer a ping before another of its token may have its name
    /// @param leaseGrace that names, hosts and ports of a lost session stay its token's, and visitors hear that its client is away
    /// @param tunnels in one session
    /// @param doubt that a visitor waits for a response before the client has to give a sign of life, and for that
    public record Sessions(Duration heartbeat, Duration takeover, Duration leaseGrace, int tunnels, Duration doubt) {
        /// How long a session may be silent.
        public Duration silence() {
            return heartbeat.multipliedBy(3);
        }
    }

    /// Bounds on one session's data channels.
    ///
    /// @param most in all
    /// @param idleAtRest idle ones that a session without visitors keeps
    /// @param idleAtMost idle ones that a session may keep beyond the visitors that wait
    /// @param idlePing between pings on an idle one, which is closed when it has not answered by the next
    /// @param stalled that a write to one may wait for the client to read
    public record Channels(int most, int idleAtRest, int idleAtMost, Duration idlePing, Duration stalled) {}

    /// Bounds on streams.
    ///
    /// @param accept for a visitor to get a data channel whose client says `Accepted`
    /// @param attempt for one data channel to say so before another one is tried
    /// @param opened from then on for `Opened` or `Refused`; the client's own bound on the local dial is shorter
    /// @param silence of a visitor's TCP connection on which nothing goes either way
    /// @param lifetime of a visitor's TCP connection, of an HTTP exchange or a WebSocket; zero for any
    public record Streams(
            Duration accept, Duration attempt, Duration opened, Duration silence, Duration lifetime) {}

    public static final Limits DEFAULT = new Limits(
            new Visitors(
                    20_000, // two descriptors and some 40 KiB each
                    256, // a large office behind one address; a browser has 6 to a host
                    5_000, // a quarter of all: one tunnel's crowd leaves room for the others'
                    Duration.ofSeconds(30)), // a radio dead spot; nginx waits for 60
            Http.DEFAULT,
            new Clients(
                    20_000, // one for each visitor at the most
                    Duration.ofSeconds(30)), // a client that lives always reads its control channel
            new Logins(
                    Duration.ofSeconds(5), // a slow phone on another continent needs 2
                    1_024, // some 30 MiB of handshakes, and more than a processor completes in the 5 s
                    64, // what fits into a second of one core
                    5_000,
                    1_000),
            new Penalties(
                    Duration.ofSeconds(5), // as OpenSSH; six guesses in the first minute
                    Duration.ofMinutes(10)), // as OpenSSH; a wrong token in a unit is put right, and waited for
            new Sessions(
                    Duration.ofSeconds(5), // a loss is noticed within 15 s, for 2 frames each 5 s
                    Duration.ofSeconds(1), // a round trip to anywhere, and a little
                    Duration.ofMinutes(10), // a laptop that changes networks or restarts
                    1_000,
                    Duration.ofMillis(2_200)), // with the edge's tick a visitor hears of a dead client within 5 s
            new Channels(
                    10_000,
                    4, // a page and its assets
                    512, // a burst as big as the last one finds its channels in place
                    Duration.ofSeconds(20), // below the 30 s after which the hastiest NATs forget a connection
                    Duration.ofMinutes(5)), // an app at a breakpoint reads nothing; a dead client is noticed by its silence
            new Streams(
                    Duration.ofSeconds(5), // longer than that and the visitor has left
                    Duration.ofSeconds(3), // leaves one more attempt within the 5 s, and a busy client time to answer
                    Duration.ofSeconds(15), // the client's bound is 10 s
                    Duration.ofHours(24), // a shell left open for the night stays; the kernel's keep-alive finds the dead
                    Duration.ZERO));

    /// The same with other bounds on visitors' connections.
    public Limits with(Visitors other) {
        return new Limits(other, http, clients, logins, penalties, sessions, channels, streams);
    }

    /// The same with other bounds of the HTTP edge.
    public Limits with(Http other) {
        return new Limits(visitors, other, clients, logins, penalties, sessions, channels, streams);
    }

    /// The same with other bounds on connections to the control port.
    public Limits with(Clients other) {
        return new Limits(visitors, http, other, logins, penalties, sessions, channels, streams);
    }

    /// The same with other bounds on who logs in.
    public Limits with(Logins other) {
        return new Limits(visitors, http, clients, other, penalties, sessions, channels, streams);
    }

    /// The same with other penalties.
    public Limits with(Penalties other) {
        return new Limits(visitors, http, clients, logins, other, sessions, channels, streams);
    }

    /// The same with other bounds on sessions.
    public Limits with(Sessions other) {
        return new Limits(visitors, http, clients, logins, penalties, other, channels, streams);
    }

    /// The same with other bounds on data channels.
    public Limits with(Channels other) {
        return new Limits(visitors, http, clients, logins, penalties, sessions, other, streams);
    }

    /// The same with other bounds on streams.
    public Limits with(Streams other) {
        return new Limits(visitors, http, clients, logins, penalties, sessions, channels, other);
    }
}
