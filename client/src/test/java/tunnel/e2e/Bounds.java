package tunnel.e2e;

import java.time.Duration;
import tunnel.server.registry.Limits;

/// The default limits, but for what a test needs otherwise.
final class Bounds {
    private static final Limits DEFAULT = Limits.DEFAULT;

    private Bounds() {}

    /// For crowds on a machine that is busy with other things too.
    static Limits patient() {
        Limits.Visitors usual = DEFAULT.visitors();
        return accept(Duration.ofSeconds(40))
                .with(new Limits.Visitors(usual.most(), usual.most(), usual.perTunnel(), usual.stalled())); // of one address
    }

    /// A visitor has to complete the head of a request in so long.
    static Limits head(Duration most) {
        Limits.Http usual = DEFAULT.http();
        return accept(DEFAULT.streams().accept())
                .with(new Limits.Http(most, usual.idle(), usual.response(), usual.parkedFor(), usual.parked()));
    }

    /// A visitor has to get a data channel in so long.
    static Limits accept(Duration most) {
        return DEFAULT.with(Quick.firstFrame(Duration.ofSeconds(30)))
                .with(Quick.streams(most, Duration.ofSeconds(20), Duration.ofSeconds(40)));
    }

    /// Idle data channels are pinged that often.
    static Limits pinging(Duration interval, int idleAtRest) {
        return patient()
                .with(Quick.heartbeat(DEFAULT.sessions(), interval))
                .with(Quick.idle(idleAtRest, interval));
    }

    /// Bounds of the HTTP edge.
    static Limits http(Limits.Http http) {
        return patient().with(http);
    }

    /// Bounds on visitors' connections.
    static Limits visitors(int most, int perAddress, int perTunnel) {
        return patient().with(new Limits.Visitors(most, perAddress, perTunnel, DEFAULT.visitors().stalled()));
    }

    /// Visitors have to read in so long.
    static Limits.Visitors stalled(Duration most) {
        Limits.Visitors usual = DEFAULT.visitors();
        return new Limits.Visitors(usual.most(), usual.perAddress(), usual.perTunnel(), most);
    }

    /// So many sessions may use one token.
    static Limits sessionsPerToken(int most) {
        Limits.Logins usual = DEFAULT.logins();
        return DEFAULT.with(new Limits.Logins(
                usual.firstFrame(), usual.pending(), usual.pendingPerAddress(), usual.sessions(), most));
    }
}
