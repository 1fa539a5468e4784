package tunnel.server.edge;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tunnel.channel.StreamInput;
import tunnel.channel.StreamOutput;
import tunnel.channel.StreamResetException;
import tunnel.net.Deadlines.Deadline;
import tunnel.server.registry.Refusal;
import tunnel.server.registry.Visitor;

/// One connection to a local service, by way of a stream, for one exchange after another: of one visitor or of several,
/// unless it authenticates itself instead of its requests (NTLM), which makes it the one visitor's for good.
///
/// The data channel's thread reads it to its end, parked or not. The visitor's thread writes. An exchange that it loses
/// learns of it exactly once, whichever thread finds out.
final class LocalConnection implements Visitor {
    private static final Logger log = LoggerFactory.getLogger(LocalConnection.class);
    /// For the local service to answer the end of our half with the end of its own.
    private static final Duration END = Duration.ofSeconds(2);

    private final HttpTunnel tunnel;
    private final HttpEdge edge;
    private final String id;
    private final InetSocketAddress address;
    private final long sinceNanos; // the first exchange's
    private final AtomicReference<@Nullable Exchange> current;

    private volatile @Nullable StreamOutput stream;
    private volatile boolean opened; // the local service was reached
    private volatile boolean reused;
    private volatile boolean bound; // to one visitor, for good: it has authenticated itself
    private volatile boolean closed; // nothing can be sent any more
    private volatile long parkedNanos;

    /// @param first the exchange that it is opened for
    LocalConnection(HttpTunnel tunnel, HttpEdge edge, Exchange first) {
        this.tunnel = tunnel;
        this.edge = edge;
        this.id = Thread.currentThread().getName();
        this.address = first.visitorAddress();
        this.sinceNanos = first.request().nanos();
        this.current = new AtomicReference<>(first);
    }

    /// As in {@link LocalConnections#open}.
    void open(ByteBuffer first) throws InterruptedException {
        StreamOutput opened = tunnel.tunnel().owner().open(tunnel.tunnel(), this, first);
        stream = opened;
        if (closed) { // by an exchange that ended while this was being opened
            opened.reset();
        }
    }

    /// Carries another exchange from here on.
    ///
    /// @return false where it has ended meanwhile, of which the exchange does not hear
    boolean begin(Exchange exchange) {
        reused = true;
        exchange.goesBy(this);
        current.set(exchange);
        return !closed || !current.compareAndSet(exchange, null);
    }

    /// Sends a part of the request. By the visitor's thread.
    ///
    /// @param data as in {@link StreamOutput#send}
    /// @return false where the connection is lost, of which the exchange learns in its own way
    boolean send(ByteBuffer data) {
        StreamOutput out = stream;
        if (out == null) {
            return false;
        }
        try {
            out.send(data);
            return true;
        } catch (IOException e) {
            log.debug("{}: a request could not be sent on: {}", id, e.getMessage());
            return false;
        }
    }

    /// The end of what the visitor sends on a connection that was switched to another protocol. By the visitor's thread.
    @Nullable StreamOutput stream() {
        return stream;
    }

    /// Its exchange is over, request and response both whole.
    ///
    /// @param reusable whether it can carry another one
    void finished(Exchange exchange, boolean reusable) {
        if (!reusable || !current.compareAndSet(exchange, null)) {
            return;
        }
        parkedNanos = System.nanoTime();
        if (bound || exchange.bindsConnection()) {
            bound = true;
            exchange.visitor().keep(this);
        } else {
            tunnel.connections().park(this);
        }
        if (closed) {
            tunnel.connections().forget(this);
        }
    }

    /// Whether the client has reached the local service.
    boolean isOpened() {
        return opened;
    }

    /// Whether it is one of that tunnel's.
    boolean leadsTo(HttpTunnel other) {
        return tunnel == other;
    }

    /// When it was parked, of `System.nanoTime`.
    long parkedNanos() {
        return parkedNanos;
    }

    /// Ends it in order, which may take a while, behind the caller's back. It must be parked, and taken from where it was.
    void close() {
        closed = true;
        Thread.startVirtualThread(this::end);
    }

    private void end() {
        StreamOutput out = stream;
        if (out != null) {
            try {
                out.end();
                var _ = edge.resources().deadlines().after(END, () -> Thread.startVirtualThread(out::reset));
            } catch (IOException e) {
                log.debug("{}: a parked connection was lost: {}", id, e.getMessage());
            }
        }
    }

    /// Breaks it, because that exchange has come to nothing; does nothing where it carries it no longer. From any thread.
    void abort(Exchange exchange) {
        if (!current.compareAndSet(exchange, null)) {
            return;
        }
        closed = true;
        StreamOutput out = stream;
        if (out != null) {
            out.reset();
        }
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public long sinceNanos() {
        return sinceNanos;
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    @Override
    public void opened(StreamInput in, StreamOutput out) throws IOException {
        stream = out;
        opened = true;
        Exchange first = current.get();
        if (first != null) {
            first.localReached();
        }
        ResponseRelay relay = new ResponseRelay(in, edge.resources().buffers(), tunnel.responseEdits());
        try {
            for (ByteBuffer data = in.next(); data != null; data = in.next()) {
                Exchange exchange = current.get();
                if (exchange == null || closed) {
                    log.debug("{}: the local service sent something that nobody had asked for", id);
                    breakOff(in, out);
                    return;
                }
                if (!relay.relay(exchange, data, out)) {
                    var _ = over(ErrorPage.LOCAL_LOST);
                    if (!relay.hasSwitched()) {
                        finish(in, out, relay);
                    }
                    return;
                }
            }
            if (over(ErrorPage.LOCAL_LOST)) {
                out.reset(); // the rest of its request is not waited for
            } else {
                out.end();
            }
        } catch (StreamResetException e) {
            var _ = over(ErrorPage.LOCAL_LOST);
            out.reset();
        } catch (IOException e) {
            var _ = over(ErrorPage.CLIENT_LOST);
            throw e;
        } finally {
            relay.close();
        }
    }

    /// The connection carries no other exchange. A local service that has said so is left to close it.
    private void finish(StreamInput in, StreamOutput out, ResponseRelay relay) throws IOException {
        if (relay.isOrderly()) {
            try (Deadline _ = edge.resources().deadlines().after(END, () -> Thread.startVirtualThread(out::reset))) {
                out.end();
                in.discard();
            }
        } else {
            out.reset();
            in.discard();
        }
    }

    private void breakOff(StreamInput in, StreamOutput out) throws IOException {
        var _ = over(ErrorPage.LOCAL_LOST);
        out.reset();
        in.discard();
    }

    /// Nothing will come on it any more. Its exchange, if it has one, is told.
    ///
    /// @return whether it has one
    private boolean over(ErrorPage why) {
        closed = true;
        tunnel.connections().forget(this);
        Exchange exchange = current.getAndSet(null);
        if (exchange != null) {
            exchange.lost(reused || (opened && tunnel.holds()), why);
        }
        return exchange != null;
    }

    @Override
    public void reset() {
        var _ = over(ErrorPage.CLIENT_LOST);
    }

    @Override
    public void refused(Refusal why) {
        var _ = over(switch (why) {
            case NO_DATA_CHANNEL -> ErrorPage.NO_DATA_CHANNEL;
            case LOCAL_UNREACHABLE -> ErrorPage.LOCAL_UNREACHABLE;
            case LOCAL_TIMEOUT -> ErrorPage.LOCAL_TIMEOUT;
            case LOCAL_AWAY -> ErrorPage.LOCAL_AWAY;
            case CLIENT_LOST -> ErrorPage.CLIENT_LOST;
        });
    }
}
