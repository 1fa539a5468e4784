package tunnel.server.control;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tunnel.log.Printable;
import tunnel.protocol.CloseCode;
import tunnel.protocol.EdgeOptions;
import tunnel.protocol.Frame;
import tunnel.protocol.LocalWait;
import tunnel.protocol.Options;
import tunnel.protocol.ProtocolException;
import tunnel.protocol.RejectCode;
import tunnel.protocol.TunnelProtocol;
import tunnel.server.registry.Limits;
import tunnel.server.registry.Owner;
import tunnel.server.registry.Registry;
import tunnel.server.registry.RejectedException;
import tunnel.server.registry.Tunnel;

/// A session's tunnels, from `Bind` to `Unbind` or the session's end. The session's thread brings the frames; any thread may
/// {@link #releaseAll}.
final class SessionTunnels {
    private static final Logger log = LoggerFactory.getLogger(SessionTunnels.class);

    private final Session session;
    private final Registry registry;
    private final Limits limits;
    private final Map<Integer, Tunnel> tunnels = new ConcurrentHashMap<>(); // reserved or ready
    private final Set<Integer> acknowledged = ConcurrentHashMap.newKeySet();
    private volatile boolean left; // before released
    private volatile boolean released;

    SessionTunnels(Session session, Registry registry, Limits limits) {
        this.session = session;
        this.registry = registry;
        this.limits = limits;
    }

    void bind(Frame.Bind bind) throws ProtocolException {
        if (tunnels.containsKey(bind.tunnel())) {
            throw new ProtocolException("Bind repeats tunnel " + bind.tunnel());
        }
        try {
            Tunnel tunnel = reserve(bind, checked(bind));
            tunnels.put(tunnel.id(), tunnel); // before the wait for the disk, in which the session may end
            if (released) { // while this waited for the name, so nobody else would free it
                release(tunnel);
                return;
            }
            registry.awaitSaved(tunnel);
            session.send(new Frame.Assigned(tunnel.id(), tunnel.name(), tunnel.urls(), tunnel.port(), Options.NONE));
        } catch (RejectedException e) {
            forget(bind.tunnel());
            if (registry.isPaused()) { // a no would be final: the client is to ask again, whoever serves it then
                session.close(CloseCode.SHUTDOWN, "another server takes the place of this one");
            } else {
                reject(bind.tunnel(), e);
            }
        }
    }

    private EdgeOptions checked(Frame.Bind bind) throws RejectedException {
        if (tunnels.size() >= limits.sessions().tunnels()) {
            throw new RejectedException(RejectCode.BUSY, "a session may have " + limits.sessions().tunnels() + " tunnels");
        }
        var unknown = bind.options().firstUnknown(EdgeOptions.typesOfBind());
        if (unknown != null) {
            throw new RejectedException(
                    RejectCode.UNSUPPORTED, "this server does not know option " + unknown.type() + " of Bind");
        }
        try {
            EdgeOptions options = EdgeOptions.decode(bind.options());
            var _ = LocalWait.decode(bind.options()); // the registry's, which cannot refuse it any more
            if (bind.protocol() != TunnelProtocol.HTTP && !options.equals(EdgeOptions.NONE)) {
                throw new RejectedException(
                        RejectCode.PROTOCOL, "what the HTTP edge is to do was said for a tunnel that is not HTTP");
            }
            return options;
        } catch (IllegalArgumentException e) {
            throw new RejectedException(RejectCode.PROTOCOL, String.valueOf(e.getMessage()));
        }
    }

    /// What another session of the same token holds is had at once where that session no longer answers.
    private Tunnel reserve(Frame.Bind bind, EdgeOptions options) throws RejectedException {
        try {
            return registry.reserve(session, bind, options);
        } catch (RejectedException e) {
            Owner holder = e.holder();
            if (holder == null || holder == session || !holder.token().equals(session.token()) || answers(holder)) {
                throw e;
            }
            holder.lost();
            return registry.reserve(session, bind, options);
        }
    }

    private boolean answers(Owner holder) {
        try {
            return holder.answersWithin(limits.sessions().takeover());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private void reject(int tunnel, RejectedException e) {
        log.info("tunnel {} of {} was rejected: {}", tunnel, session.at(), Printable.of(e.getMessage()));
        session.send(new Frame.Reject(tunnel, e.code(), String.valueOf(e.getMessage())));
    }

    void acknowledged(int id) throws ProtocolException {
        Tunnel tunnel = tunnels.get(id);
        if (tunnel == null || !acknowledged.add(id)) {
            throw new ProtocolException("Ack for tunnel " + id + ", which does not wait for one");
        }
        registry.open(tunnel);
        log.info("tunnel {} is ready at {}", tunnel, String.join(" and ", tunnel.urls()));
        session.send(new Frame.Ready(id));
    }

    void unbind(int id) {
        Tunnel tunnel = tunnels.get(id);
        if (tunnel != null) { // else it was rejected while the client was giving it up
            registry.release(tunnel);
            forget(id);
            log.info("tunnel {} was given up", tunnel);
        }
    }

    private void forget(int id) {
        tunnels.remove(id);
        acknowledged.remove(id);
    }

    /// Frees all names, ports and hosts; what is still being bound is freed by whoever binds it.
    ///
    /// @param left whether the client is not to be expected back: it said so, or its token is not good any more
    void releaseAll(boolean left) {
        this.left = left;
        released = true;
        tunnels.values().forEach(this::release);
    }

    private void release(Tunnel tunnel) {
        if (left) {
            registry.release(tunnel);
        } else {
            registry.releaseLost(tunnel);
        }
    }
}
