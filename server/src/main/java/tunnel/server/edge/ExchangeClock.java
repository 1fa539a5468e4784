package tunnel.server.edge;

import java.time.Duration;
import tunnel.server.registry.Limits;

/// How long an exchange has waited, for whom. Its threads note what they begin and end; the edge's ticker asks what has taken
/// too long.
final class ExchangeClock {
    /// What has taken too long.
    enum Overdue {
        NOTHING,
        /// the beginning of the response, so that one asks whether the client is still there
        SIGN_OF_LIFE,
        /// the beginning of the response
        RESPONSE,
        /// the local service's taking of the request
        REQUEST,
        /// a response that does not go on, to a visitor that may have left
        REST,
        /// all of it
        LIFETIME
    }

    private final Limits.Http limits;
    private final Duration lifetime;
    private final Duration doubt;
    private final long beganNanos = System.nanoTime();
    private volatile long responseDeadline; // of System.nanoTime, 0 where none is waited for
    private volatile long waitingSince; // for the response
    private volatile long sendingSince; // 0 where nothing is being sent
    private volatile boolean visitorEnded;
    private volatile boolean visitorUnheard;
    private volatile long overNanos;

    // the ticker's thread only
    private long progress;
    private long progressNanos;
    private boolean outlived;
    private long doubted; // the beginning of a wait in which a sign of life was asked for

    /// @param lifetime of an exchange; zero for any
    /// @param doubt for a response to begin before its client is asked for a sign of life
    ExchangeClock(Limits.Http limits, Duration lifetime, Duration doubt) {
        this.limits = limits;
        this.lifetime = lifetime;
        this.doubt = doubt;
    }

    /// A part of the request is being sent on.
    void sending() {
        sendingSince = System.nanoTime();
    }

    void sent() {
        sendingSince = 0;
    }

    /// The response has to begin by then.
    void waitForResponse(long deadline) {
        waitingSince = System.nanoTime();
        responseDeadline = deadline;
    }

    /// There is a response.
    void responded() {
        responseDeadline = 0;
    }

    /// The visitor sends nothing more, and may be gone. It is waited for as long as the response goes on.
    void visitorEnded() {
        visitorEnded = true;
    }

    /// Nobody reads what the visitor sends, until that is taken back: were it to leave, nobody would notice.
    void visitorUnheard(boolean unheard) {
        visitorUnheard = unheard;
    }

    /// All is over.
    void over() {
        overNanos = System.nanoTime();
    }

    /// When it was, of `System.nanoTime`.
    long overNanos() {
        return overNanos;
    }

    /// Says once for each wait that it takes too long. By the ticker.
    ///
    /// @param bytes of the response so far
    Overdue check(long now, long bytes) {
        if (responseDeadline != 0 && now - responseDeadline > 0) {
            responseDeadline = 0;
            return Overdue.RESPONSE;
        }
        long since = waitingSince;
        if (doubted != since && responseDeadline != 0 && now - since > doubt.toNanos()) {
            doubted = since;
            return Overdue.SIGN_OF_LIFE;
        }
        long sending = sendingSince;
        if (sending != 0 && now - sending > limits.response().toNanos()) {
            sendingSince = 0;
            return Overdue.REQUEST;
        }
        if (visitorEnded && hasStoodStill(now, bytes, limits.idle())) {
            visitorEnded = false;
            return Overdue.REST;
        }
        // before the response has begun, its own deadline is the bound
        if (visitorUnheard && responseDeadline == 0 && hasStoodStill(now, bytes, limits.response())) {
            visitorUnheard = false;
            return Overdue.REST;
        }
        if (!outlived && !lifetime.isZero() && now - beganNanos > lifetime.toNanos()) {
            outlived = true;
            return Overdue.LIFETIME;
        }
        return Overdue.NOTHING;
    }

    private boolean hasStoodStill(long now, long bytes, Duration most) {
        if (progressNanos == 0 || bytes != progress) {
            progress = bytes;
            progressNanos = now;
        }
        return now - progressNanos > most.toNanos();
    }
}
