package tunnel.net;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tunnel.log.CountedLog;
import tunnel.log.Printable;

/// Accepts connections on one port of one or more addresses and gives each a virtual thread of its own.
///
/// The accept loops only accept. A {@link Gate} decides who comes in before a thread is started. Each connection is closed when
/// its handler returns or fails, and failures are logged here and nowhere else: the peer left at debug, a peer that broke the
/// rules at warn, counted, anything else is a fault of ours.
public final class Listener implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Listener.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(10); // after a failed accept, as with too many files
    private static final Duration LAST_PAUSE = Duration.ofSeconds(1);
    private static final Duration END = Duration.ofSeconds(2); // for connections' threads to end once their sockets are closed
    private static final Duration WAKE = Duration.ofMillis(10); // between attempts to wake an acceptor that is to end
    private static final AtomicLong numbers = new AtomicLong();

    /// Serves one connection on its own thread, named after the listener and numbered through the process.
    @FunctionalInterface
    public interface Handler<P extends Gate.Pass> {
        /// Serves it to its end; the listener closes it when this returns.
        void handle(PlainTransport connection, P pass) throws IOException;
    }

    private final BoundSockets bound;
    private final List<Thread> acceptors = new ArrayList<>();
    private final Map<PlainTransport, Thread> connections = new ConcurrentHashMap<>();
    private final CountedLog faults = new CountedLog(log);
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile boolean draining;
    private final Set<Integer> wakers = ConcurrentHashMap.newKeySet(); // ports of connections of our own, see wake()

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ended = lock.newCondition();

    @GuardedBy("lock")
    private int open;

    private volatile boolean stopped; // accepts no more
    private volatile boolean closed; // serves no more

    private Listener(BoundSockets bound) {
        this.bound = bound;
    }

    /// Binds `port` on every one of `addresses`; 0 takes a port that is free on all of them.
    ///
    /// @throws BindException when the port is taken or may not be used; nothing stays bound then
    public static Listener bind(List<InetAddress> addresses, int port) throws IOException {
        return new Listener(BoundSockets.bind(addresses, port, false));
    }

    /// The same, also where another process of this user has bound the port by this class: each of the two gets some of the
    /// connections then, until one of them {@link #drain}s.
    public static Listener bindShared(List<InetAddress> addresses, int port) throws IOException {
        return new Listener(BoundSockets.bind(addresses, port, true));
    }

    /// The port that was bound.
    public int port() {
        return bound.port();
    }

    /// Begins to accept; once.
    ///
    /// @param name what the connections are, as in `visitor`: their threads are `visitor-1` and so on
    /// @param gate who may come in
    public <P extends Gate.Pass> void start(String name, Gate<P> gate, Handler<P> handler) {
        for (ServerSocketChannel socket : bound.sockets()) {
            acceptors.add(Thread.ofVirtual()
                    .name("accept-" + name + "-" + port())
                    .start(() -> accept(socket, name, gate, handler)));
        }
    }

    private <P extends Gate.Pass> void accept(ServerSocketChannel socket, String name, Gate<P> gate, Handler<P> handler) {
        Duration pause = FIRST_PAUSE;
        while (!stopped) {
            try {
                SocketChannel connection = socket.accept();
                while (connection != null) {
                    admit(connection, name, gate, handler);
                    connection = draining ? nextInQueue(socket) : null;
                }
                if (draining) {
                    socket.close();
                    return;
                }
                pause = FIRST_PAUSE;
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException | RuntimeException | OutOfMemoryError e) { // no connection is worth the port
                faults.warn("accept", "port " + port() + ": accepting failed, trying again in " + pause.toMillis() + " ms: " + e);
                if (!sleep(pause)) {
                    return;
                }
                pause = pause.multipliedBy(2).compareTo(LAST_PAUSE) < 0 ? pause.multipliedBy(2) : LAST_PAUSE;
            }
        }
    }

    private <P extends Gate.Pass> void admit(SocketChannel socket, String name, Gate<P> gate, Handler<P> handler)
            throws IOException {
        InetAddress peer = socket.getRemoteAddress() instanceof InetSocketAddress address ? address.getAddress() : null;
        if (peer == null || isWaker(socket)) {
            socket.close();
            return;
        }
        P pass = gate.admit(socket, peer);
        if (pass != null) {
            start(socket, name, pass, handler);
        }
    }

    private boolean isWaker(SocketChannel socket) throws IOException {
        return draining
                && socket.getRemoteAddress() instanceof InetSocketAddress address
                && wakers.contains(address.getPort());
    }

    /// Another one that the kernel has accepted already, or null.
    private static @Nullable SocketChannel nextInQueue(ServerSocketChannel socket) throws IOException {
        socket.configureBlocking(false);
        return socket.accept();
    }

    private boolean sleep(Duration pause) {
        try {
            return !closing.await(pause.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            return false;
        }
    }

    private <P extends Gate.Pass> void start(SocketChannel socket, String name, P pass, Handler<P> handler) {
        count(1);
        try {
            Loop.next().thread(name + "-" + numbers.incrementAndGet(), () -> run(socket, pass, handler)).start();
        } catch (RuntimeException | OutOfMemoryError e) {
            pass.leave();
            count(-1);
            throw e;
        }
    }

    private <P extends Gate.Pass> void run(SocketChannel socket, P pass, Handler<P> handler) {
        try (socket) {
            serve(new PlainTransport(socket), pass, handler);
        } catch (IOException e) {
            log.debug("gone before it was served: {}", e.getMessage());
        } finally {
            pass.leave();
            count(-1);
        }
    }

    private void count(int more) {
        lock.lock();
        try {
            open += more;
            if (open == 0) {
                ended.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private <P extends Gate.Pass> void serve(PlainTransport connection, P pass, Handler<P> handler) {
        connections.put(connection, Thread.currentThread());
        try (connection) {
            if (!closed) {
                handler.handle(connection, pass);
            }
        } catch (SSLException e) {
            faults.warn("TLS", at(connection) + ": TLS failed: " + Printable.of(e.getMessage()));
        } catch (PeerFault e) {
            faults.warn(e.getClass().getName(), at(connection) + ": " + Printable.of(e.getMessage()));
        } catch (IOException e) {
            log.debug("{}: ended: {}", at(connection), Printable.of(e.getMessage()));
        } catch (RuntimeException | Error e) {
            log.error("{}: failed", at(connection), e);
        } finally {
            connections.remove(connection);
        }
    }

    private static String at(PlainTransport connection) {
        return Addresses.text(connection.remote());
    }

    /// Frees the port once all is accepted that waits in the kernel's queue, which a close would reset; the connections that there
    /// are go on. Returns when it is free, or after 2 s.
    public void drain() {
        draining = true;
        long end = System.nanoTime() + END.toNanos();
        for (int i = 0; i < acceptors.size(); i++) {
            wake(acceptors.get(i), bound.sockets().get(i), end);
        }
        stopAccepting();
    }

    /// A blocked accept() returns for a connection alone. Where another process listens on the same port the kernel may give it
    /// to that one, so one connection is not always enough.
    private void wake(Thread acceptor, ServerSocketChannel socket, long end) {
        try {
            InetSocketAddress address = BoundSockets.reachable(socket);
            while (System.nanoTime() < end && acceptor.isAlive()) {
                try (Socket connection = new Socket()) {
                    connection.bind(null);
                    wakers.add(connection.getLocalPort());
                    connection.connect(address, Math.toIntExact(END.toMillis()));
                    var _ = acceptor.join(WAKE);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            log.debug("the end of accepting was not clean: {}", e.getMessage());
        }
    }

    /// Connections that were accepted and have not ended.
    public int connections() {
        lock.lock();
        try {
            return open;
        } finally {
            lock.unlock();
        }
    }

    /// Waits until all connections have ended by themselves.
    ///
    /// @return how many have not in time
    public int awaitQuiet(Duration most) {
        lock.lock();
        try {
            long left = most.toNanos();
            while (open > 0 && left > 0) {
                left = ended.awaitNanos(left);
            }
            return open;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return open;
        } finally {
            lock.unlock();
        }
    }

    /// Resets the connections in which a write has made no progress for so long: their peers do not read. Never blocks.
    public void resetStalled(Duration most) {
        long now = System.nanoTime();
        for (PlainTransport connection : connections.keySet()) {
            if (connection.hasStalled(now, most)) {
                log.debug("{}: reads nothing, its connection is reset", at(connection));
                connection.reset();
            }
        }
    }

    /// Stops accepting, closes every connection and returns when their threads have ended, or after 2 s.
    @Override
    public void close() {
        closed = true;
        stopAccepting();
        connections.keySet().forEach(PlainTransport::close);
        long end = System.nanoTime() + END.toNanos();
        List<Thread> threads = new ArrayList<>(acceptors);
        threads.addAll(connections.values());
        for (Thread thread : threads) {
            join(thread, Duration.ofNanos(Math.max(1, end - System.nanoTime())));
        }
        faults.close();
    }

    /// Frees the port; the connections that there are go on.
    public void stopAccepting() {
        stopped = true;
        closing.countDown(); // no interrupt: JDK 25's accept() loses the connection that it has when one comes too late
        bound.close();
    }

    private static void join(Thread thread, Duration atMost) {
        if (thread == Thread.currentThread()) {
            return;
        }
        try {
            var ended = thread.join(atMost);
            if (!ended) {
                log.warn("{} did not end in time", thread.getName());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
