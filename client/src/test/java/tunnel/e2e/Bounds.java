package tunnel.e2e;

import java.time.Duration;
import tunnel.server.registry.Limits;

/// The default limits, but for what a test needs otherwise.
final class Bounds {
    private static final Limits D = Limits.DEFAULT;

    private Bounds() {}

    /// For crowds on a machine that is busy with other things too.
    static Limits patient() {
        return of(D.http(), Duration.ofSeconds(40), D.heartbeat(), D.idlePing(), D.idleAtRest());
    }

    /// A visitor has to complete the head of a request in so long.
    static Limits head(Duration most) {
        Limits.Http h = D.http();
        return of(new Limits.Http(most, h.idle(), h.response(), h.parkedFor(), h.parked()), D.accept(), D.heartbeat(), D.idlePing(), D.idleAtRest());
    }

    /// A visitor has to get a data channel in so long.
    static Limits accept(Duration most) {
        return of(D.http(), most, D.heartbeat(), D.idlePing(), D.idleAtRest());
    }

    /// Idle data channels are pinged that often.
    static Limits pinging(Duration interval, int idleAtRest) {
        return of(D.http(), Duration.ofSeconds(40), interval, interval, idleAtRest);
    }

    /// Bounds of the HTTP edge.
    static Limits http(Limits.Http http) {
        return of(http, Duration.ofSeconds(40), D.heartbeat(), D.idlePing(), D.idleAtRest());
    }

    private static Limits of(Limits.Http http, Duration accept, Duration heartbeat, Duration idlePing, int idleAtRest) {
        return new Limits(
                Duration.ofSeconds(30),
                http,
                accept,
                Duration.ofSeconds(20), // attempt
                Duration.ofSeconds(40), // opened
                heartbeat,
                idlePing,
                D.takeover(),
                D.away(),
                D.visitors(),
                D.controlConnections(),
                D.tunnels(),
                D.dataChannels(),
                idleAtRest,
                D.idleAtMost());
    }
}
