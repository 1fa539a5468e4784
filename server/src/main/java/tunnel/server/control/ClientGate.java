package tunnel.server.control;

import java.net.InetAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tunnel.log.CountedLog;
import tunnel.net.Addresses;
import tunnel.net.Gate;
import tunnel.net.LastWords;
import tunnel.net.Source;
import tunnel.net.Tally;
import tunnel.server.registry.Limits;

/// Who may come in to the control port. From a stranger's address there may be a few connections that have yet to log in, and
/// none while it owes a penalty; where somebody is logged in there may be many, since a network's clients come back together.
/// Thread-safe.
final class ClientGate implements Gate<ClientGate.Pass>, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ClientGate.class);

    private final Limits.Logins logins;
    private final int most;
    private final int knownMost;
    private final Penalties penalties;
    private final Acquaintances acquaintances = new Acquaintances(System::nanoTime);
    private final CountedLog refusals = new CountedLog(log);
    private final Semaphore places;
    private final Semaphore pending;
    private final Tally<Source> pendingByAddress;
    private final Tally<Source> pendingOfKnown; // addresses

    ClientGate(Limits limits) {
        this.logins = limits.logins();
        this.most = limits.clients().most();
        this.penalties = new Penalties(limits.penalties(), System::nanoTime);
        this.places = new Semaphore(most);
        this.pending = new Semaphore(logins.pending());
        this.pendingByAddress = new Tally<>(logins.pendingPerAddress());
        this.knownMost = Math.max(1, most / 4); // 5,000: 500 clients behind one address dial 4 data channels each
        this.pendingOfKnown = new Tally<>(knownMost);
    }

    @Override
    public @Nullable Pass admit(SocketChannel connection, InetAddress peer) {
        Source source = Source.of(peer);
        boolean stranger = !acquaintances.knows(source);
        if (stranger && !penalties.delay(source).isZero()) {
            return refuse(connection, peer, "penalty", "logins from there have failed too often");
        }
        if (!places.tryAcquire()) {
            return refuse(connection, peer, "all", "there are " + most + ", as many as there may be");
        }
        if (stranger && !pending.tryAcquire()) {
            places.release();
            return refuse(connection, peer, "pending", logins.pending() + " have yet to log in, as many as may at once");
        }
        if (stranger && !pendingByAddress.enter(source)) {
            pending.release();
            places.release();
            return refuse(connection, peer, "address", tooMany(logins.pendingPerAddress()));
        }
        if (!stranger && !pendingOfKnown.enter(source)) {
            places.release();
            return refuse(connection, peer, "address", tooMany(knownMost));
        }
        return new Pass(source, stranger);
    }

    /// Connections that were let in and are there.
    int connections() {
        return most - places.availablePermits();
    }

    private static String tooMany(int most) {
        return most + " from there have yet to log in, as many as may at once";
    }

    private @Nullable Pass refuse(SocketChannel connection, InetAddress peer, String kind, String why) {
        refusals.warn(kind, "control port: a connection from " + Addresses.text(peer) + " was refused: " + why);
        LastWords.close(connection);
        return null;
    }

    /// Says what it has counted.
    @Override
    public void close() {
        refusals.close();
    }

    /// A connection that was let in.
    final class Pass implements Gate.Pass {
        private final Source source;
        private final boolean stranger; // when it came
        private final AtomicBoolean isPending = new AtomicBoolean(true);
        private volatile boolean loggedIn;

        private Pass(Source source, boolean stranger) {
            this.source = source;
            this.stranger = stranger;
        }

        /// Checks a login's proof, from whatever address.
        <T> Penalties.Checked<T> checkLogin(Supplier<@Nullable T> proof) {
            return penalties.check(source, proof);
        }

        /// Checks a data channel's proof, whose failure is no sin where somebody is logged in.
        <T> Penalties.Checked<T> checkData(Supplier<@Nullable T> proof) {
            return acquaintances.knows(source)
                    ? new Penalties.Checked<>(Duration.ZERO, proof.get())
                    : penalties.check(source, proof);
        }

        /// It has proved who it is. By its thread, once.
        void loggedIn() {
            loggedIn = true;
            acquaintances.arrived(source);
            noLongerPending();
        }

        private void noLongerPending() {
            if (isPending.compareAndSet(true, false)) {
                if (stranger) {
                    pendingByAddress.leave(source);
                    pending.release();
                } else {
                    pendingOfKnown.leave(source);
                }
            }
        }

        @Override
        public void leave() {
            noLongerPending();
            if (loggedIn) {
                acquaintances.left(source);
            }
            places.release();
        }
    }
}
