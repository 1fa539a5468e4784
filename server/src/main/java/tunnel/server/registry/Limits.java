package tunnel.server.registry;

import java.time.Duration;

/// Every bound of the server in one place, by what it bounds. {@link #DEFAULT} says why each has its value.
public record Limits(
        Visitors visitors, Http http, Clients clients, Sessions sessions, Channels channels, Streams streams) {
    /// Bounds on visitors' connections.
    ///
    /// @param most in all
    public record Visitors(int most) {}

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
                256); // as many as a session keeps idle data channels
    }

    /// Bounds on connections to the control port.
    ///
    /// @param most in all, data channels included
    /// @param firstFrame for one to complete its handshake and first frame
    public record Clients(int most, Duration firstFrame) {}

    /// Bounds on sessions.
    ///
    /// @param heartbeat between pings on a control channel; a session unheard for three times as long is over
    /// @param takeover for an old session to answer a ping before another of its token may have its name
    /// @param away that visitors hear that a lost client is away, unless it is back or another has its name
    /// @param tunnels in one session
    public record Sessions(Duration heartbeat, Duration takeover, Duration away, int tunnels) {
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
    public record Channels(int most, int idleAtRest, int idleAtMost, Duration idlePing) {}

    /// Bounds on how a stream begins.
    ///
    /// @param accept for a visitor to get a data channel whose client says `Accepted`
    /// @param attempt for one data channel to say so before another one is tried
    /// @param opened from then on for `Opened` or `Refused`; the client's own bound on the local dial is shorter
    public record Streams(Duration accept, Duration attempt, Duration opened) {}

    public static final Limits DEFAULT = new Limits(
            new Visitors(20_000), // two descriptors and some 40 KiB each
            Http.DEFAULT,
            new Clients(
                    20_000, // one for each visitor at the most
                    Duration.ofSeconds(5)), // a slow phone on another continent needs 2
            new Sessions(
                    Duration.ofSeconds(5), // a loss is noticed within 15 s, for 2 frames each 5 s
                    Duration.ofSeconds(1), // a round trip to anywhere, and a little
                    Duration.ofMinutes(10), // a laptop that changes networks or restarts
                    1_000),
            new Channels(
                    10_000,
                    4, // a page and its assets
                    256, // a burst as big as the last one finds its channels in place
                    Duration.ofSeconds(20)), // below the 30 s after which the hastiest NATs forget a connection
            new Streams(
                    Duration.ofSeconds(5), // longer than that and the visitor has left
                    Duration.ofSeconds(3), // leaves one more attempt within the 5 s, and a busy client time to answer
                    Duration.ofSeconds(15))); // the client's bound is 10 s

    /// The same with other bounds on visitors' connections.
    public Limits with(Visitors other) {
        return new Limits(other, http, clients, sessions, channels, streams);
    }

    /// The same with other bounds of the HTTP edge.
    public Limits with(Http other) {
        return new Limits(visitors, other, clients, sessions, channels, streams);
    }

    /// The same with other bounds on connections to the control port.
    public Limits with(Clients other) {
        return new Limits(visitors, http, other, sessions, channels, streams);
    }

    /// The same with other bounds on sessions.
    public Limits with(Sessions other) {
        return new Limits(visitors, http, clients, other, channels, streams);
    }

    /// The same with other bounds on data channels.
    public Limits with(Channels other) {
        return new Limits(visitors, http, clients, sessions, other, streams);
    }

    /// The same with other bounds on how a stream begins.
    public Limits with(Streams other) {
        return new Limits(visitors, http, clients, sessions, channels, other);
    }
}
