package tunnel.e2e;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// A local service on a raw socket: what it does with a connection is the test's business. Each has a thread of its own; an
/// assertion that fails there fails {@link #close}.
final class Origin implements AutoCloseable {
    /// Serves one connection, which is closed when this returns. A connection that breaks is no failure.
    @FunctionalInterface
    interface Service {
        void serve(Peer visitor) throws Exception;
    }

    private final ServerSocket socket;
    private final Service service;
    private final Map<Thread, Peer> connections = new ConcurrentHashMap<>();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final Thread acceptor;

    private Origin(ServerSocket socket, Service service) {
        this.socket = socket;
        this.service = service;
        this.acceptor = Thread.ofVirtual().name("origin-accepts").start(this::accept);
    }

    static Origin serving(Service service) throws IOException {
        return at(0, service);
    }

    /// At a port that is known to be free.
    static Origin at(int port, Service service) throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
        return new Origin(socket, service);
    }

    /// Sends back what it gets, to the end.
    static Origin echo() throws IOException {
        return serving(Origin::echo);
    }

    static void echo(Peer visitor) throws IOException {
        byte[] buffer = new byte[16 << 10];
        for (int read = visitor.read(buffer); read >= 0; read = visitor.read(buffer)) {
            visitor.send(buffer, 0, read);
        }
        visitor.end();
    }

    int port() {
        return socket.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket connection = socket.accept();
                Thread.ofVirtual().name("origin-serves").start(() -> serve(connection));
            }
        } catch (IOException closed) {
            // the end
        }
    }

    private void serve(Socket connection) {
        try (Peer peer = new Peer(connection)) {
            connections.put(Thread.currentThread(), peer);
            service.serve(peer);
        } catch (IOException | InterruptedException e) {
            // broken by the test, or by a fault that the visitor sees too
        } catch (Exception | AssertionError e) {
            failure.compareAndSet(null, e);
        } finally {
            connections.remove(Thread.currentThread());
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
        join(acceptor);
        List<Thread> threads = new ArrayList<>(connections.keySet());
        for (Peer peer : connections.values()) {
            peer.close();
        }
        for (Thread thread : threads) {
            thread.interrupt();
            join(thread);
        }
        Throwable failed = failure.get();
        if (failed != null) {
            throw new AssertionError("a local service failed", failed);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
