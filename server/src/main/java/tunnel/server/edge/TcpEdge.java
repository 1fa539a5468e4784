package tunnel.server.edge;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tunnel.log.CountedLog;
import tunnel.net.Addresses;
import tunnel.net.PlainTransport;
import tunnel.net.Resources;
import tunnel.server.registry.Limits;
import tunnel.server.registry.Tunnel;

/// The TCP side of the edge: relays a visitor's connection to its port's tunnel as it is.
final class TcpEdge {
    private static final Logger log = LoggerFactory.getLogger(TcpEdge.class);

    private final Limits.Streams limits;
    private final Resources resources;
    private final CountedLog visits = new CountedLog(log); // anybody can come, as often as they like
    private final Set<VisitorConnection> visitors = ConcurrentHashMap.newKeySet();

    TcpEdge(Limits.Streams limits, Resources resources) {
        this.limits = limits;
        this.resources = resources;
    }

    /// Serves one visitor's connection on its thread.
    ///
    /// @param traffic where it is counted
    /// @throws IOException where the visitor has left before a stream was opened
    void serve(PlainTransport connection, Tunnel tunnel, Traffic traffic) throws IOException {
        long startNanos = System.nanoTime();
        VisitorConnection visitor = new VisitorConnection(connection, resources.buffers(), _ -> connection.reset());
        visitors.add(visitor);
        traffic.began();
        String how = "left";
        try {
            visitor.open(tunnel);
            visitor.relay();
            how = visitor.refusal() == null ? "served" : String.valueOf(visitor.refusal());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            visitors.remove(visitor);
            traffic.ended(visitor.sent(), visitor.received());
            visits.info(
                    tunnel.toString(),
                    String.join(
                            " ",
                            tunnel + " tcp",
                            how,
                            visitor.sent() + " B in",
                            visitor.received() + " B out",
                            TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos) + " ms",
                            Addresses.text(connection.remote())));
        }
    }

    /// Ends what has lasted too long. By the edge's ticker; never blocks.
    void checkDeadlines(long now) {
        visitors.forEach(visitor -> visitor.checkDeadlines(now, limits));
    }

    /// Says what it has counted. After its visitors have ended.
    void close() {
        visits.close();
    }
}
