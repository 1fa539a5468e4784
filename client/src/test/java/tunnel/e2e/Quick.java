package tunnel.e2e;

import java.time.Duration;
import tunnel.server.registry.Limits;

/// Limits for tests that wait for one.
final class Quick {
    static final Duration HEARTBEAT = Duration.ofMillis(500);

    private Quick() {}

    /// All the waits of sessions short, but long enough for a busy machine.
    static Limits limits() {
        return new Limits(
                Duration.ofSeconds(1), // firstFrame
                Limits.DEFAULT.http(),
                Duration.ofSeconds(4), // accept
                Duration.ofMillis(500), // attempt
                Duration.ofSeconds(5), // opened
                HEARTBEAT,
                HEARTBEAT, // idlePing
                Duration.ofMillis(500), // takeover
                Limits.DEFAULT.away(),
                Limits.DEFAULT.visitors(),
                Limits.DEFAULT.controlConnections(),
                Limits.DEFAULT.tunnels(),
                Limits.DEFAULT.dataChannels(),
                Limits.DEFAULT.idleAtRest(),
                Limits.DEFAULT.idleAtMost());
    }

    /// Strangers have a second for their first frame; sessions have all the time that they usually have.
    static Limits firstFrame() {
        Limits usual = Limits.DEFAULT;
        return new Limits(
                limits().firstFrame(),
                usual.http(),
                usual.accept(),
                usual.attempt(),
                usual.opened(),
                usual.heartbeat(),
                usual.idlePing(),
                usual.takeover(),
                usual.away(),
                usual.visitors(),
                usual.controlConnections(),
                usual.tunnels(),
                usual.dataChannels(),
                usual.idleAtRest(),
                usual.idleAtMost());
    }

    /// Idle data channels are pinged every 250 ms, and a session may be silent for 750 ms.
    static Limits frequentPings() {
        Duration often = Duration.ofMillis(250);
        Limits quick = limits();
        return new Limits(
                quick.firstFrame(),
                quick.http(),
                quick.accept(),
                quick.attempt(),
                quick.opened(),
                often,
                often,
                quick.takeover(),
                quick.away(),
                quick.visitors(),
                quick.controlConnections(),
                quick.tunnels(),
                quick.dataChannels(),
                quick.idleAtRest(),
                quick.idleAtMost());
    }

    /// With one idle data channel, which the next visitor gets, and no pings that would find it dead first.
    static Limits oneIdle() {
        Limits quick = limits();
        return new Limits(
                quick.firstFrame(),
                quick.http(),
                quick.accept(),
                quick.attempt(),
                quick.opened(),
                Duration.ofSeconds(5),
                Duration.ofSeconds(20),
                quick.takeover(),
                quick.away(),
                quick.visitors(),
                quick.controlConnections(),
                quick.tunnels(),
                quick.dataChannels(),
                1,
                quick.idleAtMost());
    }
}
