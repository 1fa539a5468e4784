package tunnel.e2e;

import java.time.Duration;
import tunnel.server.registry.Limits;

/// Limits for tests that wait for one.
final class Quick {
    static final Duration HEARTBEAT = Duration.ofMillis(500);

    private static final Limits USUAL = Limits.DEFAULT;

    private Quick() {}

    /// All the waits of sessions short, but long enough for a busy machine.
    static Limits limits() {
        return firstFrame()
                .with(new Limits.Sessions(
                        HEARTBEAT,
                        Duration.ofMillis(500), // takeover
                        USUAL.sessions().away(),
                        USUAL.sessions().tunnels()))
                .with(idle(USUAL.channels().idleAtRest(), HEARTBEAT))
                .with(new Limits.Streams(
                        Duration.ofSeconds(4), // accept
                        Duration.ofMillis(500), // attempt
                        Duration.ofSeconds(5))); // opened
    }

    /// Strangers have a second for their first frame; sessions have all the time that they usually have.
    static Limits firstFrame() {
        return USUAL.with(new Limits.Clients(USUAL.clients().most(), Duration.ofSeconds(1)));
    }

    /// Idle data channels are pinged every 250 ms, and a session may be silent for 750 ms.
    static Limits frequentPings() {
        Duration often = Duration.ofMillis(250);
        return limits()
                .with(heartbeat(limits().sessions(), often))
                .with(idle(USUAL.channels().idleAtRest(), often));
    }

    /// With one idle data channel, which the next visitor gets, and no pings that would find it dead first.
    static Limits oneIdle() {
        return limits()
                .with(heartbeat(limits().sessions(), Duration.ofSeconds(5)))
                .with(idle(1, Duration.ofSeconds(20)));
    }

    /// The same sessions with another heartbeat.
    static Limits.Sessions heartbeat(Limits.Sessions usual, Duration heartbeat) {
        return new Limits.Sessions(heartbeat, usual.takeover(), usual.away(), usual.tunnels());
    }

    private static Limits.Channels idle(int atRest, Duration ping) {
        return new Limits.Channels(USUAL.channels().most(), atRest, USUAL.channels().idleAtMost(), ping);
    }
}
