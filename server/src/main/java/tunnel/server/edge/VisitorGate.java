package tunnel.server.edge;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tunnel.log.CountedLog;
import tunnel.net.Addresses;
import tunnel.net.Gate;
import tunnel.net.LastWords;
import tunnel.net.Resources;
import tunnel.net.Source;
import tunnel.net.Tally;
import tunnel.server.registry.Limits;
import tunnel.server.registry.Tunnel;

/// How many visitors may come in: in all, from one address, and to one TCP tunnel. On HTTP a visitor who may not is told so.
/// Thread-safe; on the accept loops.
final class VisitorGate implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(VisitorGate.class);

    private final Limits.Visitors limits;
    private final TrustedProxies proxies;
    private final LastWords lastWords;
    private final CountedLog refusals = new CountedLog(log);
    private final Semaphore places;
    private final Tally<Source> addresses;

    VisitorGate(Limits.Visitors limits, TrustedProxies proxies, Resources resources) {
        this.limits = limits;
        this.proxies = proxies;
        this.lastWords = new LastWords(resources);
        this.places = new Semaphore(limits.most());
        this.addresses = new Tally<>(limits.perAddress());
    }

    /// Why a visitor may not come in.
    ///
    /// @param kind for counting
    private record Refused(String kind, String why, ErrorPage page) {}

    /// Of a port where HTTP is spoken. Requests count to their tunnels, connections to none.
    Gate<Gate.Pass> http(int port) {
        return (connection, peer) -> {
            Refused refused = enter(peer);
            if (refused == null) {
                return () -> leave(peer);
            }
            warn(refused, port, peer);
            lastWords.say(connection, () -> response(refused.page));
            return null;
        };
    }

    private static ByteBuffer response(ErrorPage page) {
        return page.response(PageFormat.TEXT, page.body(PageFormat.TEXT, ""), true);
    }

    /// Of a TCP tunnel's port.
    Gate<Gate.Pass> tcp(Tunnel tunnel) {
        Semaphore tunnelsPlaces = new Semaphore(limits.perTunnel());
        return (connection, peer) -> {
            Refused refused = enter(peer, tunnelsPlaces);
            if (refused == null) {
                return () -> {
                    tunnelsPlaces.release();
                    leave(peer);
                };
            }
            warn(refused, tunnel.port(), peer);
            LastWords.close(connection);
            return null;
        };
    }

    private @Nullable Refused enter(InetAddress peer, Semaphore tunnelsPlaces) {
        if (!tunnelsPlaces.tryAcquire()) {
            return new Refused(
                    "tunnel",
                    "the tunnel has " + limits.perTunnel() + ", as many as one may have (--max-visitors-per-tunnel)",
                    ErrorPage.TUNNEL_FULL);
        }
        Refused refused = enter(peer);
        if (refused != null) {
            tunnelsPlaces.release();
        }
        return refused;
    }

    private @Nullable Refused enter(InetAddress peer) {
        if (!places.tryAcquire()) {
            return new Refused(
                    "all", "there are " + limits.most() + ", as many as there may be (--max-visitors)", ErrorPage.SERVER_FULL);
        }
        if (!proxies.trusts(peer) && !addresses.enter(Source.of(peer))) {
            places.release();
            return new Refused(
                    "address",
                    "its address has " + limits.perAddress() + ", as many as one may have (--max-visitors-per-address)",
                    ErrorPage.ADDRESS_FULL);
        }
        return null;
    }

    private void leave(InetAddress peer) {
        if (!proxies.trusts(peer)) {
            addresses.leave(Source.of(peer));
        }
        places.release();
    }

    private void warn(Refused refused, int port, InetAddress peer) {
        refusals.warn(
                refused.kind, "port " + port + ": a visitor from " + Addresses.text(peer) + " was refused: " + refused.why);
    }

    /// Ends the last words that are under way.
    @Override
    public void close() {
        lastWords.close();
        refusals.close();
    }
}
