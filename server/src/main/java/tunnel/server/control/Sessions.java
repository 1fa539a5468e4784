package tunnel.server.control;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;
import tunnel.net.Tally;
import tunnel.protocol.Bytes;
import tunnel.server.registry.Limits;

/// The sessions that are alive, by id, of which there may be so many in all and of one token. Thread-safe.
final class Sessions {
    private static final int STORM = 4;
    private static final long STORM_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final Map<Bytes, Session> alive = new ConcurrentHashMap<>();
    private final AtomicLongArray lastBegun = new AtomicLongArray(STORM); // nanoTime of each of the last ones
    private final AtomicInteger begun = new AtomicInteger();
    private final Limits.Logins limits;
    private final Semaphore places;
    private final Tally<Bytes> tokens;

    Sessions(Limits.Logins limits) {
        this.limits = limits;
        this.places = new Semaphore(limits.sessions());
        this.tokens = new Tally<>(limits.sessionsPerToken());
        for (int i = 0; i < STORM; i++) {
            lastBegun.set(i, System.nanoTime() - STORM_NANOS);
        }
    }

    /// Adds a session, unless there are too many.
    ///
    /// @return null, or a sentence for the client
    @Nullable String add(Session session) {
        if (!tokens.enter(session.token())) {
            return "this token has " + limits.sessionsPerToken() + " sessions, as many as one may have; stop one of its"
                    + " clients, or let the server's operator raise --max-sessions-per-token";
        }
        if (!places.tryAcquire()) {
            tokens.leave(session.token());
            return "it has " + limits.sessions() + " sessions, as many as it takes";
        }
        alive.put(session.identity().id(), session);
        lastBegun.set(Math.floorMod(begun.getAndIncrement(), STORM), System.nanoTime());
        return null;
    }

    /// Whether many begin at this moment, as after a start of the server: more than one in 125 ms. Strangers cannot make it so.
    boolean isStorm() {
        long now = System.nanoTime();
        for (int i = 0; i < STORM; i++) {
            if (now - lastBegun.get(i) >= STORM_NANOS) {
                return false;
            }
        }
        return true;
    }

    /// Its place is free; again, or where it was never added, does nothing.
    void remove(Session session) {
        if (alive.remove(session.identity().id(), session)) {
            places.release();
            tokens.leave(session.token());
        }
    }

    @Nullable Session get(Bytes id) {
        return alive.get(id);
    }

    /// Those that logged in with a token.
    ///
    /// @param token its id
    Collection<Session> of(Bytes token) {
        return alive.values().stream().filter(one -> one.token().equals(token)).toList();
    }

    Collection<Session> all() {
        return List.copyOf(alive.values());
    }
}
