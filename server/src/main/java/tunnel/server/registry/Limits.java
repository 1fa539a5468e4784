package tunnel.server.registry;

import java.time.Duration;

/// Every bound of the server in one place. {@link #DEFAULT} says why each has its value.
///
/// @param firstFrame for a connection to the control port to complete its handshake and first frame
/// @param http those of the HTTP edge
/// @param accept for a visitor to get a data channel whose client says `Accepted`
/// @param attempt for one data channel to say so before another one is tried
/// @param opened from then on for `Opened` or `Refused`; the client's own bound on the local dial is shorter
/// @param heartbeat between pings on a control channel; a session unheard for three times as long is over
/// @param idlePing between pings on an idle data channel; one that has not answered by the next is closed
/// @param takeover for an old session to answer a ping before another of its token may have its name
/// @param away that visitors hear that a lost client is away, unless it is back or another has its name
/// @param visitors connections to the edge in all
/// @param controlConnections connections to the control port in all, data channels included
/// @param tunnels in one session
/// @param dataChannels in one session
/// @param idleAtRest idle data channels that a session without visitors keeps
/// @param idleAtMost idle data channels that a session may keep beyond the visitors that wait
public record Limits(
        Duration firstFrame,
        Http http,
        Duration accept,
        Duration attempt,
        Duration opened,
        Duration heartbeat,
        Duration idlePing,
        Duration takeover,
        Duration away,
        int visitors,
        int controlConnections,
        int tunnels,
        int dataChannels,
        int idleAtRest,
        int idleAtMost) {

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

    public static final Limits DEFAULT = new Limits(
            Duration.ofSeconds(5), // a slow phone on another continent needs 2
            Http.DEFAULT,
            Duration.ofSeconds(5), // longer than that and the visitor has left
            Duration.ofSeconds(3), // leaves one more attempt within the 5 s, and a busy client time to answer
            Duration.ofSeconds(15), // the client's bound is 10 s
            Duration.ofSeconds(5), // a loss is noticed within 15 s, for 2 frames each 5 s
            Duration.ofSeconds(20), // below the 30 s after which the hastiest NATs forget a connection
            Duration.ofSeconds(1), // a round trip to anywhere, and a little
            Duration.ofMinutes(10), // a laptop that changes networks or restarts
            20_000, // two descriptors and some 40 KiB each
            20_000, // one for each visitor at the most
            1_000,
            10_000,
            4, // a page and its assets
            256); // a burst as big as the last one finds its channels in place

    /// How long a session may be silent.
    public Duration silence() {
        return heartbeat.multipliedBy(3);
    }
}
