package tunnel.server.control;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tunnel.protocol.Bytes;

/// The sessions that are alive, by id. Thread-safe.
final class Sessions {
    private final Map<Bytes, Session> alive = new ConcurrentHashMap<>();

    void add(Session session) {
        alive.put(session.identity().id(), session);
    }

    void remove(Session session) {
        alive.remove(session.identity().id(), session);
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
