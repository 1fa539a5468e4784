package tunnel.server.edge;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import tunnel.channel.Relay;
import tunnel.channel.StreamOutput;
import tunnel.http.BadMessageException;
import tunnel.http.FieldName;
import tunnel.http.RequestHead;
import tunnel.http.ResponseHead;
import tunnel.net.Lingering;
import tunnel.net.PlainTransport;
import tunnel.protocol.Codec;

/// One visitor's connection to the HTTP edge: its thread reads one request after another and sends each on; responses come
/// by the data channels' threads. While a response is under way the next request's head may be read, and waits.
final class HttpVisitor {
    private static final long NEVER = Long.MAX_VALUE;

    private final PlainTransport connection;
    private final HttpEdge edge;
    private final HttpEdge.Routes routes;
    private final String id = Thread.currentThread().getName();

    private final RequestHead head = new RequestHead();
    private final VisitorInput input;
    private final RequestBody body;

    /// Held while something is written that is not a final response.
    private final ReentrantLock writing = new ReentrantLock();

    private volatile @Nullable Exchange current;
    private volatile long closeDeadline = NEVER; // then the connection is closed
    private final boolean shared; // by a proxy in front, among visitors of its own
    private final AtomicReference<@Nullable LocalConnection> own = new AtomicReference<>(); // parked, nobody else may use it
    private volatile boolean gone;
    private boolean first = true;

    /// By the visitor's thread.
    HttpVisitor(PlainTransport connection, HttpEdge edge, HttpEdge.Routes routes) {
        this.connection = connection;
        this.edge = edge;
        this.routes = routes;
        this.shared = edge.isProxy(connection);
        this.input = new VisitorInput(connection, edge);
        this.body = new RequestBody(edge, input);
    }

    String id() {
        return id;
    }

    PlainTransport connection() {
        return connection;
    }

    HttpEdge edge() {
        return edge;
    }

    /// Serves requests until the connection ends. On the visitor's thread; the listener closes the connection.
    void serve() throws IOException {
        try {
            boolean more = true;
            while (more) {
                more = serveOne();
            }
            if (closeDeadline != NEVER) {
                Lingering.read(connection, edge.resources().buffers());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            Exchange last = current;
            if (last != null && !last.isOver()) {
                last.visitorLeft(); // whatever went wrong here: its stream is not to stay open
            }
            input.close();
            gone = true;
            closeOwn();
        }
    }

    private boolean serveOne() throws IOException, InterruptedException {
        Exchange previous = current;
        BadMessageException bad = null;
        boolean read = false;
        try {
            read = readHead(previous);
        } catch (BadMessageException e) {
            bad = e;
        }
        if (previous != null && !read && bad == null) {
            previous.visitorEnded();
        }
        if (previous != null && !previous.await()) {
            return false;
        }
        if (bad != null) {
            refuse(bad);
        }
        return read && serveRequest();
    }

    private boolean readHead(@Nullable Exchange previous) throws IOException, BadMessageException {
        try {
            return input.readHead(head);
        } catch (BadMessageException e) {
            throw e;
        } catch (IOException e) {
            if (previous != null) {
                previous.visitorLeft();
            }
            throw e;
        }
    }

    private void refuse(BadMessageException e) {
        edge.logRefusal(connection.remote(), e.rule());
        Exchange exchange = exchange(edge.newRequestId(), edge.visitor(connection, head).visitor());
        current = exchange;
        exchange.answer(ErrorPage.forStatus(e.rule().status()));
    }

    private Exchange exchange(String requestId, String visitor) {
        return new Exchange(this, Request.of(head, requestId, visitor, edge.accessLog().isOn()));
    }

    /// @return whether there may be another on the connection
    private boolean serveRequest() throws IOException, InterruptedException {
        HttpEdge.From from = edge.visitor(connection, head);
        Exchange exchange = exchange(from.requestId(), from.visitor());
        current = exchange;
        HttpEdge.Found found = edge.find(routes, head);
        ErrorPage refusal = found.refusal();
        HttpTunnel tunnel = found.tunnel();
        if (tunnel != null) {
            exchange.leadsTo(tunnel);
            Admission.Answer answer = tunnel.admission().check(head, from.address());
            exchange.isFrom(answer.user());
            refusal = answer.refusal() == null && !exchange.enter(tunnel) ? ErrorPage.TUNNEL_FULL : answer.refusal();
        }
        if (refusal != null || tunnel == null) {
            exchange.answer(refusal == null ? ErrorPage.NO_SUCH_TUNNEL : refusal);
            return false;
        }
        send(exchange, tunnel, from);
        return exchange.request().upgrade() == null || relaySwitched(exchange);
    }

    private void send(Exchange exchange, HttpTunnel tunnel, HttpEdge.From from) throws IOException, InterruptedException {
        RequestForwarding forwarding = edge.forwarding(from, head, tunnel);
        if (ResponseHead.isConnectionScheme(text(FieldName.AUTHORIZATION))) {
            exchange.bindConnection();
        }
        boolean mayReuse = head.upgrade() == null && (!first || head.isRepeatable());
        first = false;
        int size = Codec.HEADER + head.size() + forwarding.added(tunnel);
        ByteBuffer out = edge.resources().buffers().take(size);
        try {
            forwarding.write(head, tunnel, out.position(Codec.HEADER));
            body.begin(head, tunnel);
            boolean whole = !head.hasBody();
            if (whole) {
                exchange.lastPartGoesOut();
            }
            exchange.begin(tunnel, out.flip().position(Codec.HEADER), mayReuse, head.isRepeatable());
            if (whole) {
                exchange.requestSent(edge.responseDeadline(tunnel));
            }
        } finally {
            edge.resources().buffers().give(out);
        }
        if (head.hasBody()) {
            body.send(exchange, tunnel);
        } else {
            input.requestEnded();
        }
    }

    private String text(FieldName name) {
        String value = head.value(name);
        return value == null ? "" : value;
    }

    /// Waits for the answer to a request for another protocol and, where it is spoken from here on, relays it.
    ///
    /// @return whether it is not, and there may be another request
    private boolean relaySwitched(Exchange exchange) throws IOException, InterruptedException {
        Relay relay = exchange.awaitSwitch();
        LocalConnection local = exchange.connection();
        StreamOutput stream = local == null ? null : local.stream();
        if (relay == null || local == null || stream == null) {
            return true;
        }
        input.switched();
        boolean whole = body.sendRest(exchange, local) && relay.send(stream);
        if (!whole) {
            connection.reset();
        }
        exchange.switchedRequestEnded();
        var _ = exchange.await();
        return false;
    }

    // ---- for the response

    /// Writes to the visitor. By whoever has claimed the exchange.
    void write(ByteBuffer bytes) throws IOException {
        connection.write(bytes);
    }

    /// Writes a response that is not the last one, unless that has been claimed.
    void writeInterim(Exchange exchange, ByteBuffer bytes) throws IOException {
        writing.lock();
        try {
            if (!exchange.isClaimed()) {
                write(bytes);
            }
        } finally {
            writing.unlock();
        }
    }

    /// Claims the exchange while nothing is being written. A visitor that does not take even a little gets nothing more.
    boolean claimForEdge(Exchange exchange, int status) {
        boolean free = false;
        try {
            free = writing.tryLock(Lingering.TIME.toMillis(), TimeUnit.MILLISECONDS);
            return free && exchange.claimForEdge(status);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            if (free) {
                writing.unlock();
            }
        }
    }

    /// The last response was written: the visitor is to see the end, and its connection ends soon.
    void endOutput() {
        endSoon(Lingering.TIME);
        try {
            connection.shutdownOutput();
        } catch (IOException e) {
            connection.close();
        }
    }

    /// Bounds what the connection may still take. Never longer than it was before.
    void endSoon(Duration most) {
        closeDeadline = Math.min(closeDeadline, System.nanoTime() + most.toNanos());
    }

    /// The tunnel's connection that is this visitor's alone and not in use, or null.
    @Nullable LocalConnection ownConnection(HttpTunnel tunnel) {
        LocalConnection kept = own.get();
        return kept != null && kept.leadsTo(tunnel) && own.compareAndSet(kept, null) ? kept : null;
    }

    /// Keeps a connection that nobody else may use. A proxy's connection is several visitors', the next request on it anybody's.
    void keep(LocalConnection parked) {
        if (shared) {
            parked.close();
            return;
        }
        LocalConnection before = own.getAndSet(parked);
        if (before != null) {
            before.close();
        }
        if (gone) {
            closeOwn();
        }
    }

    private void closeOwn() {
        LocalConnection kept = own.getAndSet(null);
        if (kept != null) {
            kept.close();
        }
    }

    // ---- by the edge's ticker

    /// Ends what has taken too long. Never blocks.
    void checkDeadlines(long now) {
        Exchange exchange = current;
        if (exchange != null) {
            exchange.checkDeadline(now);
        }
        input.checkDeadline(now, exchange != null && exchange.isOver() ? now - exchange.overNanos() : 0, edge.idle());
        if (closeDeadline != NEVER && now - closeDeadline > 0) {
            connection.close();
            if (exchange != null) {
                exchange.breakSwitched();
            }
        }
    }
}
