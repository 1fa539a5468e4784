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
                        USUAL.sessions().leaseGrace(),
                        USUAL.sessions().tunnels(),
                        USUAL.sessions().doubt()))
                .with(idle(USUAL.channels().idleAtRest(), HEARTBEAT))
                .with(streams(
                        Duration.ofSeconds(4), // accept
                        Duration.ofMillis(500), // attempt
                        Duration.ofSeconds(5))); // opened
    }

    /// Strangers have a second for their first frame; sessions have all the time that they usually have.
    static Limits firstFrame() {
        return USUAL.with(firstFrame(Duration.ofSeconds(1)));
    }

    /// The usual logins with another time for the first frame.
    static Limits.Logins firstFrame(Duration most) {
        Limits.Logins usual = USUAL.logins();
        return new Limits.Logins(
                most, usual.pending(), usual.pendingPerAddress(), usual.sessions(), usual.sessionsPerToken());
    }

    /// The usual streams that begin in another time.
    static Limits.Streams streams(Duration accept, Duration attempt, Duration opened) {
        return new Limits.Streams(
                accept, attempt, opened, USUAL.streams().silence(), USUAL.streams().lifetime());
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
        return new Limits.Sessions(heartbeat, usual.takeover(), usual.leaseGrace(), usual.tunnels(), usual.doubt());
    }

    /// The default, with another time for a response to begin before its client has to give a sign of life.
    static Limits doubt(Duration most) {
        Limits.Sessions usual = USUAL.sessions();
        return USUAL.with(
                new Limits.Sessions(usual.heartbeat(), usual.takeover(), usual.leaseGrace(), usual.tunnels(), most));
    }

    /// The usual data channels with other idle ones.
    static Limits.Channels idle(int atRest, Duration ping) {
        Limits.Channels usual = USUAL.channels();
        return new Limits.Channels(usual.most(), atRest, usual.idleAtMost(), ping, usual.stalled());
    }
}
