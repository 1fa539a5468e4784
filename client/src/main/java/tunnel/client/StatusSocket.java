package tunnel.client;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tunnel.admin.AdminSocket;
import tunnel.events.ClientModel;
import tunnel.home.Home;
import tunnel.home.PrivateFiles;
import tunnel.net.Deadlines;

/// The private socket by which `tunnel-client status` asks a client how it is. A client runs without it too.
final class StatusSocket implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(StatusSocket.class);
    /// Who starts a client waits for its address, and not for this.
    private static final Duration AFTER_START = Duration.ofMillis(500);

    private final ClientSockets sockets;
    private final ClientStatus status;
    private final Thread opener;
    private final ReentrantLock lock = new ReentrantLock(); // between opening and closing, which nobody who serves waits for

    @GuardedBy("lock")
    private @Nullable AdminSocket socket;

    @GuardedBy("lock")
    private @Nullable Deadlines deadlines;

    @GuardedBy("lock")
    private boolean closed;

    private StatusSocket(ClientSockets sockets, ClientModel model, Duration wait) {
        this.sockets = sockets;
        this.status = new ClientStatus(model);
        this.opener = Thread.ofVirtual().name("status").start(() -> open(wait));
    }

    /// One for this process, in the user's state directory.
    static StatusSocket of(ClientModel model) {
        return new StatusSocket(new ClientSockets(Home.ofThisUser().clientState()), model, AFTER_START);
    }

    private void open(Duration wait) {
        try {
            Thread.sleep(wait);
            sockets.removeStale();
            start(sockets.folder().resolve(Long.toHexString(ThreadLocalRandom.current().nextLong()) + ClientSockets.ENDING));
        } catch (InterruptedException e) {
            // closed
        } catch (IOException e) {
            log.warn("'tunnel-client status' does not see this client: cannot listen in {}: {}", sockets.folder(), PrivateFiles.why(e));
        }
    }

    private void start(Path file) throws IOException {
        lock.lock();
        try {
            if (!closed) {
                PrivateFiles.makeFolder(sockets.folder());
                sockets.checkPrivate();
                Deadlines own = new Deadlines();
                deadlines = own;
                socket = AdminSocket.start(file, Map.of(ClientStatus.NAME, status), own);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Removes the socket. Closing again does nothing.
    @Override
    public void close() {
        opener.interrupt();
        lock.lock();
        try {
            closed = true;
            if (socket != null) {
                socket.close();
            }
            if (deadlines != null) {
                deadlines.close();
            }
        } finally {
            lock.unlock();
        }
    }
}
