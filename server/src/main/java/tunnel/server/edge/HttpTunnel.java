package tunnel.server.edge;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import tunnel.http.FieldName;
import tunnel.http.RequestHead;
import tunnel.protocol.EdgeOptions;
import tunnel.server.registry.Tunnel;

/// One HTTP tunnel as the edge sees it: what is to be done for its requests, and its connections to the local service.
final class HttpTunnel implements AutoCloseable {
    private final Tunnel tunnel;
    private final Traffic traffic;
    private final String pseudonym = "tunnel-" + Long.toHexString(ThreadLocalRandom.current().nextLong());
    private final String defaultHost;
    private final FieldEdits requestEdits;
    private final FieldEdits responseEdits;
    private final Admission admission;
    private final LocalConnections connections;
    private final Semaphore places;

    HttpTunnel(Tunnel tunnel, Traffic traffic, HttpEdge edge) {
        this.tunnel = tunnel;
        this.traffic = traffic;
        this.defaultHost = URI.create(tunnel.urls().getLast()).getAuthority();
        this.requestEdits = new FieldEdits(tunnel.options().requestFields());
        this.responseEdits = new FieldEdits(tunnel.options().responseFields());
        this.admission = new Admission(tunnel.options(), tunnel.name());
        this.connections = new LocalConnections(this, edge);
        this.places = new Semaphore(edge.requestsPerTunnel());
    }

    Tunnel tunnel() {
        return tunnel;
    }

    /// Whether it is this one, and not one that has or had the same port.
    boolean isOf(Tunnel other) {
        return tunnel.id() == other.id() && tunnel.owner().equals(other.owner());
    }

    /// How long requests are held while the local service is down; zero where they are refused then.
    Duration localWait() {
        return tunnel.localWait();
    }

    /// Whether requests are held while the local service is down.
    boolean holds() {
        return !localWait().isZero();
    }

    EdgeOptions options() {
        return tunnel.options();
    }

    /// What it calls itself in Via. Its own, since one tunnel's local service may well ask another one.
    String pseudonym() {
        return pseudonym;
    }

    /// Whether a request has passed here before. It would come again for ever (RFC 9110, section 7.6.3).
    boolean hasPassed(RequestHead head) {
        return head.hasListed(FieldName.VIA, "1.1 " + pseudonym) || head.hasListed(FieldName.VIA, "1.0 " + pseudonym);
    }

    /// What the local service sees as Host where HTTP/1.0 names none.
    String defaultHost() {
        return defaultHost;
    }

    FieldEdits requestEdits() {
        return requestEdits;
    }

    FieldEdits responseEdits() {
        return responseEdits;
    }

    Admission admission() {
        return admission;
    }

    /// Takes a place for one more request, unless there are as many under way as there may be.
    boolean enter() {
        boolean free = places.tryAcquire();
        if (free) {
            traffic.began();
        }
        return free;
    }

    /// A request that had a place is over.
    ///
    /// @param in bytes of its body, and those behind a switch of protocols
    /// @param out the same of its response
    void leave(long in, long out) {
        places.release();
        traffic.ended(in, out);
    }

    LocalConnections connections() {
        return connections;
    }

    /// Closes the connections that are parked. Those in use end with their exchange.
    @Override
    public void close() {
        connections.close();
    }
}
