package tunnel.local;

import java.io.IOException;
import java.io.Serial;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tunnel.cli.Amounts;
import tunnel.net.Dialer;
import tunnel.net.PlainTransport;
import tunnel.net.Resources;
import tunnel.net.Transport;

/// The web app, or whatever a tunnel leads to. Says once that it is down, and once that it is back.
public final class LocalService implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LocalService.class);
    /// For the connection, and for the TLS handshake what is left of it. The server waits 15 s, and as long as visitors may be held.
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /// Hears when it goes down and when it is back. Called on the threads that dial, which must not be kept waiting.
    public interface Listener {
        /// It does not answer.
        ///
        /// @param why a sentence for the user
        default void down(String why) {}

        /// It answers again.
        default void up() {}
    }

    private final Local local;
    private final @Nullable LocalTls tls; // null without TLS
    private final @Nullable FolderService folder; // null where another program listens
    private final Duration wait;
    private final Listener listener;
    private final AtomicBoolean down = new AtomicBoolean();
    private final Outage outage = new Outage(down::get);

    /// The visitor for whom the local service was dialled has left.
    public static final class NotWanted extends IOException {
        @Serial
        private static final long serialVersionUID = 1;

        NotWanted() {
            super("the visitor has left");
        }
    }

    /// One at which nobody is held, and whose health interests nobody.
    public LocalService(Local local, Resources resources) {
        this(local, Duration.ZERO, resources, new Listener() {});
    }

    /// A folder is served from here on, until {@link #close}.
    ///
    /// @param wait how long visitors are held while it is down, or zero
    public LocalService(Local local, Duration wait, Resources resources, Listener listener) {
        this.local = local;
        this.wait = wait;
        this.listener = listener;
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

    /// Connects, and completes the handshake where there is one; where it is down, tries again for as long as visitors may be
    /// held. The caller owns the connection.
    ///
    /// @param beforeWaiting run before each wait; none where it is connected in the same moment
    /// @param isWanted whether the visitor is still there
    /// @throws SocketTimeoutException when it does not answer within 10 s, or was down for as long as the visitor may be held
    /// @throws NotWanted when the visitor has left
    public Transport dial(Runnable beforeWaiting, BooleanSupplier isWanted) throws IOException {
        long end = System.nanoTime() + wait.toNanos();
        try {
            return attempt(beforeWaiting);
        } catch (LocalTls.Untrusted e) {
            throw e;
        } catch (IOException e) {
            if (wait.isZero()) {
                throw e;
            }
            beforeWaiting.run();
            return outage.outlast(end, isWanted, () -> attempt(beforeWaiting), e);
        }
    }

    private Transport attempt(Runnable beforeWaiting) throws IOException {
        try {
            Transport connection = connect(beforeWaiting);
            if (down.compareAndSet(true, false)) {
                log.info("{} is up again", local);
                listener.up();
            }
            return connection;
        } catch (IOException e) {
            if (down.compareAndSet(false, true)) {
                complain(e);
            }
            throw e;
        }
    }

    private void complain(IOException e) {
        String why = why(e);
        log.warn("{}", why);
        listener.down(why);
    }

    private String why(IOException e) {
        if (e instanceof LocalTls.Untrusted) {
            return e.getMessage() + ". Visitors are told that it cannot be reached";
        }
        if (wait.isZero()) {
            return "cannot reach " + local + ": " + e.getMessage()
                    + ". Is your app running? Visitors are told so; the next request tries again.";
        }
        return local + " is down: " + e.getMessage() + ". Is your app running? Visitors wait up to " + Amounts.text(wait) + " for it.";
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
