package tunnel.events;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tunnel.events.ClientEvents.Shown;

/// What a client was at one moment.
///
/// @param tunnels in their users' order
/// @param recent the latest exchanges, the newest first
/// @param inspector its address with the key to it, or empty where there is none
public record ClientSnapshot(
        Session session, List<Tunnel> tunnels, Traffic traffic, List<Exchange> recent, String inspector) {
    /// How it stands with the server.
    public enum Phase {
        /// There has been no session yet.
        CONNECTING,
        ONLINE,
        /// There was one, and another is looked for.
        RECONNECTING
    }

    /// How it stands with the server, and since when.
    ///
    /// @param server as in the join string
    /// @param since when the phase began
    /// @param why there is no session: a sentence for the user; empty while there is one, and before the first dial has failed
    /// @param next when the next dial follows, or null
    /// @param roundTrip to the server and back, or null where it was not measured in this session yet
    public record Session(
            Phase phase, String server, Instant since, String why, @Nullable Instant next, @Nullable Duration roundTrip) {}

    /// How far the server's side of a tunnel is. Visitors are served where it is READY and the session ONLINE.
    public enum Stage {
        ASKED,
        READY,
        REFUSED
    }

    /// A tunnel, from the server to its local service.
    ///
    /// @param why it is refused: a sentence for the user, or empty
    /// @param down why its local service does not answer: a sentence for the user, or empty
    public record Tunnel(Shown shown, Stage stage, String why, String down) {}

    /// Exchanges and connections since the start, replays among them.
    ///
    /// @param missed those of the total that nobody looked at
    /// @param failed those of the total that had no answer or broke off
    /// @param p50Micros how long half of the last 1,000 answers took at the most, of those in five minutes; 0 where there is none
    /// @param p90Micros the same for nine of ten
    public record Traffic(
            long total, int open, long missed, long failed, int lastMinute, int lastFiveMinutes, long p50Micros, long p90Micros) {}
}
