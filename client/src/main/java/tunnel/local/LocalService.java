package tunnel.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tunnel.net.Dialer;
import tunnel.net.PlainTransport;
import tunnel.net.Resources;
import tunnel.net.Transport;

/// The web app, or whatever a tunnel leads to. Says once that it is down, and once that it is back.
public final class LocalService implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LocalService.class);
    /// For the connection, and for the TLS handshake what is left of it. The server waits 15 s.
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Local local;
    private final @Nullable LocalTls tls; // null without TLS
    private final @Nullable FolderService folder; // null where another program listens
    private final AtomicBoolean down = new AtomicBoolean();

    /// A folder is served from here on, until {@link #close}.
    public LocalService(Local local, Resources resources) {
        this.local = local;
        switch (local) {
            case Local.Service service -> {
                tls = service.security() == Local.Security.NONE ? null : LocalTls.of(service, resources.deadlines());
                folder = null;
            }
            case Local.Folder served -> {
                tls = null;
                folder = serve(served);
            }
        }
    }

    private static FolderService serve(Local.Folder folder) {
        try {
            return FolderService.start(folder.path());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen on loopback to serve " + folder, e);
        }
    }

    /// What it is, as typed but for what went without saying.
    public Local local() {
        return local;
    }

    /// Connects, and completes the handshake where there is one. The caller owns the connection.
    ///
    /// @param beforeWaiting run before each wait; none where it is connected in the same moment
    /// @throws SocketTimeoutException when it does not answer within 10 s
    public Transport dial(Runnable beforeWaiting) throws IOException {
        try {
            Transport connection = connect(beforeWaiting);
            if (down.compareAndSet(true, false)) {
                log.info("{} is up again", local);
            }
            return connection;
        } catch (LocalTls.Untrusted e) {
            if (down.compareAndSet(false, true)) {
                log.warn("{}. Visitors are told that it cannot be reached", e.getMessage());
            }
            throw e;
        } catch (IOException e) {
            if (down.compareAndSet(false, true)) {
                log.warn("cannot reach {}: {}. Is your app running? Visitors are told so; the next request tries again.",
                        local, e.getMessage());
            }
            throw e;
        }
    }

    private Transport connect(Runnable beforeWaiting) throws IOException {
        if (!(local instanceof Local.Service service)) {
            beforeWaiting.run();
            return Objects.requireNonNull(folder).dial(PATIENCE);
        }
        long began = System.nanoTime();
        PlainTransport raw = Dialer.connect(service.address(), PATIENCE, beforeWaiting);
        if (tls == null) {
            return raw;
        }
        beforeWaiting.run();
        return tls.secure(raw, PATIENCE.minusNanos(System.nanoTime() - began));
    }

    /// Ends what was started. Closing again does nothing.
    @Override
    public void close() {
        if (folder != null) {
            folder.close();
        }
    }
}
