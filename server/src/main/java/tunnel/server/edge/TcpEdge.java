package tunnel.server.edge;

import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tunnel.net.Addresses;
import tunnel.net.PlainTransport;
import tunnel.net.Resources;
import tunnel.server.registry.Tunnel;

/// The TCP side of the edge: relays a visitor's connection to its port's tunnel as it is.
final class TcpEdge {
    private static final Logger log = LoggerFactory.getLogger(TcpEdge.class);

    private final Resources resources;

    TcpEdge(Resources resources) {
        this.resources = resources;
    }

    /// Serves one visitor's connection on its thread.
    void serve(PlainTransport connection, Tunnel tunnel) {
        long startNanos = System.nanoTime();
        VisitorConnection visitor = new VisitorConnection(connection, resources.buffers(), _ -> connection.reset());
        try {
            visitor.open(tunnel, null);
            visitor.relay();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            log.info(
                    "{} tcp {} {} B in {} B out {} ms {}",
                    tunnel,
                    visitor.refusal() == null ? "served" : visitor.refusal(),
                    visitor.sent(),
                    visitor.received(),
                    TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos),
                    Addresses.text(connection.remote()));
        }
    }
}
