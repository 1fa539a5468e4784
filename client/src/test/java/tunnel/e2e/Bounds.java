package tunnel.e2e;

import java.time.Duration;
import tunnel.server.registry.Limits;

/// The default limits, but for what a test needs otherwise.
final class Bounds {
    private static final Limits DEFAULT = Limits.DEFAULT;

    private Bounds() {}

    /// For crowds on a machine that is busy with other things too.
    static Limits patient() {
        return accept(Duration.ofSeconds(40));
    }

    /// A visitor has to complete the head of a request in so long.
    static Limits head(Duration most) {
        Limits.Http usual = DEFAULT.http();
        return accept(DEFAULT.streams().accept())
                .with(new Limits.Http(most, usual.idle(), usual.response(), usual.parkedFor(), usual.parked()));
    }

    /// A visitor has to get a data channel in so long.
    static Limits accept(Duration most) {
        return DEFAULT.with(new Limits.Clients(DEFAULT.clients().most(), Duration.ofSeconds(30)))
                .with(new Limits.Streams(most, Duration.ofSeconds(20), Duration.ofSeconds(40)));
    }

    /// Idle data channels are pinged that often.
    static Limits pinging(Duration interval, int idleAtRest) {
        Limits.Channels usual = DEFAULT.channels();
        return patient()
                .with(Quick.heartbeat(DEFAULT.sessions(), interval))
                .with(new Limits.Channels(usual.most(), idleAtRest, usual.idleAtMost(), interval));
    }

    /// Bounds of the HTTP edge.
    static Limits http(Limits.Http http) {
        return patient().with(http);
    }
}
