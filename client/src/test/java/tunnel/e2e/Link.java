package tunnel.e2e;

import static org.awaitility.Awaitility.await;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import tunnel.net.HostPort;
import tunnel.protocol.JoinString;
import tunnel.server.TunnelServer;

/// The network between a client and the control port, which a test can break: a TCP relay on loopback. What is frozen is
/// neither forwarded nor closed, as on a network that is gone: nobody is told.
public final class Link implements AutoCloseable {
    private static final int CHUNK = 16 << 10;

    private final ServerSocket listener;
    private final List<Wire> wires = new CopyOnWriteArrayList<>(); // in the order in which they were dialled
    private volatile InetSocketAddress target;
    private volatile boolean frozen;
    private volatile boolean closed;

    /// Begins to relay to a server's control port.
    Link(TunnelServer server) throws IOException {
        this(server.controlPort());
    }

    public Link(int port) throws IOException {
        listener = new ServerSocket(0, 500, InetAddress.ofLiteral("127.0.0.1"));
        target = at(port);
        Thread.ofVirtual().name("link").start(this::accept);
    }

    private static InetSocketAddress at(int port) {
        return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
    }

    /// New connections go to another control port, as to the process that takes the port over. What there is stays.
    public void leadTo(int port) {
        target = at(port);
    }

    /// Where clients dial.
    public int port() {
        return listener.getLocalPort();
    }

    /// What a client needs to reach the server through this link.
    public JoinString join(TunnelServer server) {
        return join(server.joinString());
    }

    public JoinString join(JoinString direct) {
        return direct.at(new HostPort("127.0.0.1", listener.getLocalPort()));
    }

    private void accept() {
        while (!closed) {
            try {
                Socket client = listener.accept();
                Wire wire = new Wire(client);
                wires.add(wire);
                if (frozen) {
                    wire.freeze();
                }
                if (closed) {
                    wire.cut();
                }
                Thread.ofVirtual().name("link-dial").start(wire::run);
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    /// All that are open, the oldest first: a session's control channel is before its data channels.
    public List<Wire> wires() {
        return wires.stream().filter(Wire::isOpen).toList();
    }

    /// The control channel, where there was one session: the first wire.
    Wire control() {
        return wires.getFirst();
    }

    /// The data channels, where there was one session: all but the first wire.
    List<Wire> data() {
        return wires().stream().filter(wire -> wire != wires.getFirst()).toList();
    }

    /// How many connections there were so far.
    int dialled() {
        return wires.size();
    }

    /// Freezes what there is and what will be dialled.
    public void freeze() {
        frozen = true;
        wires.forEach(Wire::freeze);
    }

    /// Freezes what will be dialled: it connects, and that is all.
    public void freezeNew() {
        frozen = true;
    }

    /// Freezes what there is, and lets new connections through.
    public void freezePresent() {
        wires.forEach(Wire::freeze);
    }

    /// Cuts what there is.
    public void cut() {
        wires.forEach(Wire::cut);
    }

    @Override
    public void close() {
        closed = true;
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        cut();
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// One connection.
    public final class Wire {
        private final Socket client;
        private final Socket server = new Socket();
        private final Gate up = new Gate(); // client to server
        private final Gate down = new Gate();

        private Wire(Socket client) {
            this.client = client;
        }

        private void run() {
            try {
                server.connect(target);
                server.setTcpNoDelay(true);
                client.setTcpNoDelay(true);
                Thread.ofVirtual().name("link-down").start(() -> pump(server, client, down));
                pump(client, server, up);
            } catch (IOException e) {
                cut(); // the server is not there
            }
        }

        private void pump(Socket from, Socket to, Gate gate) {
            byte[] chunk = new byte[CHUNK];
            try {
                int read = from.getInputStream().read(chunk);
                while (read >= 0) {
                    gate.pass();
                    to.getOutputStream().write(chunk, 0, read);
                    gate.passed = true;
                    read = from.getInputStream().read(chunk);
                }
                gate.pass();
                to.shutdownOutput();
            } catch (IOException e) {
                gate.pass(); // the other end hears of it no sooner than of bytes
                cut();
            } finally {
                if (to.isOutputShutdown() && from.isOutputShutdown()) {
                    cut();
                }
            }
        }

        boolean isOpen() {
            return !client.isClosed();
        }

        void freeze() {
            freezeUp();
            freezeDown();
        }

        /// What the client sends stays here.
        void freezeUp() {
            up.close();
        }

        /// What the server sends stays here.
        void freezeDown() {
            down.close();
        }

        /// Waits until something that the server sent is held.
        void awaitHeldDown() {
            await().atMost(World.PATIENCE).pollInterval(Duration.ofMillis(2)).until(down::isHolding);
        }

        /// Waits until something that the client sent has gone to the server.
        void awaitPassedUp() {
            await().atMost(World.PATIENCE).pollInterval(Duration.ofMillis(2)).until(up::hasPassed);
        }

        /// Lets what was held go on.
        void thaw() {
            up.open();
            down.open();
        }

        /// Both ends see the connection end.
        void cut() {
            closeQuietly(client);
            closeQuietly(server);
            thaw();
        }

        /// Both ends see a reset.
        void reset() throws IOException {
            client.setSoLinger(true, 0);
            server.setSoLinger(true, 0);
            cut();
        }

        /// The client sees the connection end, the server nothing at all.
        void loseClient() {
            freeze();
            closeQuietly(client);
        }
    }

    /// What can be shut in the way of one direction's bytes.
    private static final class Gate {
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition opened = lock.newCondition();
        private volatile boolean passed;

        @GuardedBy("lock")
        private boolean shut;

        @GuardedBy("lock")
        private boolean holding;

        void close() {
            lock.lock();
            try {
                shut = true;
            } finally {
                lock.unlock();
            }
        }

        void open() {
            lock.lock();
            try {
                shut = false;
                opened.signalAll();
            } finally {
                lock.unlock();
            }
        }

        boolean hasPassed() {
            return passed;
        }

        boolean isHolding() {
            lock.lock();
            try {
                return holding;
            } finally {
                lock.unlock();
            }
        }

        void pass() {
            lock.lock();
            try {
                while (shut) {
                    holding = true;
                    opened.awaitUninterruptibly();
                }
                holding = false;
            } finally {
                lock.unlock();
            }
        }
    }
}
