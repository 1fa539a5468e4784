package tunnel.server.edge;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A tunnel's connections to its local service that no exchange uses at the moment: parked, to be used again. Thread-safe.
final class LocalConnections implements AutoCloseable {
    private final HttpTunnel tunnel;
    private final HttpEdge edge;

    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Deque<LocalConnection> parked = new ArrayDeque<>(); // used last is used next, the others may go

    @GuardedBy("lock")
    private boolean closed;

    LocalConnections(HttpTunnel tunnel, HttpEdge edge) {
        this.tunnel = tunnel;
        this.edge = edge;
    }

    /// A parked one, which is the caller's from here on and may turn out to have ended; null where there is none.
    @Nullable LocalConnection poll() {
        lock.lock();
        try {
            return parked.poll();
        } finally {
            lock.unlock();
        }
    }

    /// Opens a new one for the exchange. Waits for a data channel; where there is none the exchange learns of it.
    ///
    /// @param first the request so far, copied
    void open(Exchange exchange, ByteBuffer first) throws InterruptedException {
        LocalConnection connection = new LocalConnection(tunnel, edge, exchange);
        exchange.goesBy(connection);
        connection.open(first);
    }

    /// Its exchange is over and clean.
    void park(LocalConnection connection) {
        boolean surplus;
        lock.lock();
        try {
            surplus = closed || parked.size() >= edge.limits().parked();
            if (!surplus) {
                parked.push(connection);
            }
        } finally {
            lock.unlock();
        }
        if (surplus) {
            connection.close();
        }
    }

    /// It has ended. Where it was parked, nobody gets it any more.
    void forget(LocalConnection connection) {
        lock.lock();
        try {
            parked.remove(connection);
        } finally {
            lock.unlock();
        }
    }

    /// Closes those that were parked before that time, of `System.nanoTime`.
    void closeParkedBefore(long nanos) {
        List<LocalConnection> old = new ArrayList<>();
        lock.lock();
        try {
            while (!parked.isEmpty() && parked.getLast().parkedNanos() - nanos < 0) {
                old.add(parked.removeLast());
            }
        } finally {
            lock.unlock();
        }
        old.forEach(LocalConnection::close);
    }

    @Override
    public void close() {
        List<LocalConnection> all;
        lock.lock();
        try {
            closed = true;
            all = new ArrayList<>(parked);
            parked.clear();
        } finally {
            lock.unlock();
        }
        all.forEach(LocalConnection::close);
    }
}
