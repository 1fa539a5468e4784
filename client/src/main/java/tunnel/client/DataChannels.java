package tunnel.client;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tunnel.net.Backoff;
import tunnel.net.Loop;
import tunnel.protocol.FrameChannel;
import tunnel.protocol.Proofs;

/// A session's data channels. The server says how many it wants; whenever there are fewer, more are dialled, some at a time. It
/// alone makes them fewer, by closing them. Thread-safe.
final class DataChannels {
    private static final Logger log = LoggerFactory.getLogger(DataChannels.class);
    /// Whatever a server says: a bound on what it can make this machine hold.
    private static final int MOST = 10_000;
    private static final Duration SOON = Duration.ofMillis(20);
    /// Handshakes are CPU time at both ends, some 2 ms where code is warm and five times that where it is not: more at once
    /// than this overrun their bound of 5 s on 2 busy cores. Their round trips go on side by side.
    private static final int MOST_DIALLED_AT_ONCE = 256;

    private final ClientSession session;
    private final ServerLink link;
    private final Set<DataChannel> all = ConcurrentHashMap.newKeySet();
    private final Set<Thread> dialling = ConcurrentHashMap.newKeySet();
    private final CompletableFuture<@Nullable Void> firstInPlace = new CompletableFuture<>();

    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private int target;

    @GuardedBy("lock")
    private int made; // all of them, and those being dialled

    @GuardedBy("lock")
    private int underWay; // dials, at this moment

    @GuardedBy("lock")
    private int dialled; // so far, for threads' names

    @GuardedBy("lock")
    private boolean fillPlanned;

    @GuardedBy("lock")
    private boolean enough; // the server goes away: it takes no more

    @GuardedBy("lock")
    private boolean closed;

    DataChannels(ClientSession session, ServerLink link) {
        this.session = session;
        this.link = link;
    }

    /// Completes when the first channel is in place; cancelled where the session is over before.
    CompletableFuture<@Nullable Void> firstInPlace() {
        return firstInPlace;
    }

    /// The server wants that many, those with a stream included.
    void target(int wanted) {
        lock.lock();
        try {
            target = wanted;
            fill();
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void fill() {
        while (!closed && !enough && made < Math.min(target, MOST) && underWay < MOST_DIALLED_AT_ONCE) {
            made++;
            underWay++;
            Loop.next().thread("data-" + ++dialled, this::run).start();
        }
    }

    /// A little later: where each is lost as soon as it is there, they are not dialled without end.
    @GuardedBy("lock")
    private void fillSoon() {
        if (!fillPlanned && made < target) {
            fillPlanned = true;
            var _ = link.resources().deadlines().after(SOON, () -> {
                lock.lock();
                try {
                    fillPlanned = false;
                    fill();
                } finally {
                    lock.unlock();
                }
            });
        }
    }

    /// No more are dialled: the server takes none any more, and at its port another one may answer that does not know the
    /// session. What has been dialled is used to the end.
    void noMore() {
        lock.lock();
        try {
            enough = true;
        } finally {
            lock.unlock();
        }
    }

    /// Dials on one thread, and has another live with the channel: what a virtual thread's stack once took of the heap it keeps
    /// until it ends, and a dial and its handshake wait deep inside calls. That is 2 KiB of an idle connection's 20.
    private void run() {
        boolean handedOver = false;
        try {
            ServerLink.Connection connection = dial();
            if (connection != null) {
                handOver(connection);
                handedOver = true;
            }
        } catch (RuntimeException | Error e) {
            log.error("a data channel could not be dialled", e);
        } finally {
            if (!handedOver) {
                gone(false);
            }
        }
    }

    private void handOver(ServerLink.Connection connection) {
        try {
            Loop.current().thread(Thread.currentThread().getName(), () -> serve(connection)).start();
        } catch (RuntimeException | Error e) { // no memory for it, say
            connection.frames().close();
            throw e;
        }
    }

    /// A channel's life, on its own thread.
    private void serve(ServerLink.Connection connection) {
        boolean died = false;
        try {
            run(connection);
        } catch (IOException e) {
            log.debug("a data channel was lost: {}", e.getMessage());
            died = true;
        } catch (RuntimeException | Error e) {
            log.error("a data channel failed", e);
        } finally {
            gone(died);
        }
    }

    /// Dials until it succeeds; null when the session is over before, or no more are wanted.
    private ServerLink.@Nullable Connection dial() {
        Backoff backoff = new Backoff();
        dialling.add(Thread.currentThread());
        try {
            for (boolean again = false; isDialling(); again = true) {
                try {
                    return link.dial(again && backoff.isEarly());
                } catch (IOException e) {
                    log.debug("a data channel could not be dialled: {}", e.getMessage());
                    if (!pause(backoff)) {
                        return null;
                    }
                }
            }
            return null;
        } finally {
            dialling.remove(Thread.currentThread());
            dialledOne();
        }
    }

    private void dialledOne() {
        lock.lock();
        try {
            underWay--;
            fill();
        } finally {
            lock.unlock();
        }
    }

    private boolean isDialling() {
        lock.lock();
        try {
            return !closed && !enough;
        } finally {
            lock.unlock();
        }
    }

    private static boolean pause(Backoff backoff) {
        try {
            Thread.sleep(backoff.next());
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    private void run(ServerLink.Connection connection) throws IOException {
        try (FrameChannel frames = connection.frames()) {
            DataChannel channel = new DataChannel(frames, session);
            all.add(channel);
            try {
                if (isDialling()) { // else the server that answers may be another one, which does not know the session
                    frames.write(Proofs.dataInit(session.id(), session.secret(), connection.binding()));
                    frames.authenticated(true);
                    firstInPlace.complete(null);
                    channel.run();
                }
            } finally {
                all.remove(channel);
            }
        }
    }

    /// Its place is filled again if it died; what the server has closed in order was one too many.
    private void gone(boolean died) {
        lock.lock();
        try {
            made--;
            if (died) {
                fillSoon();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Closes those that were silent for too long while idle, and replaces what the server has closed because it found them
    /// silent: that looks like the end of one too many, but then it wants as many as before. By the session's ticker.
    void tick() {
        all.forEach(DataChannel::closeIfSilent);
        lock.lock();
        try {
            fill();
        } finally {
            lock.unlock();
        }
    }

    /// Closes all channels, and those that are being dialled, whose handshake may be with a network that is gone.
    void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
        all.forEach(DataChannel::abort);
        dialling.forEach(Thread::interrupt);
        firstInPlace.cancel(false);
    }
}
