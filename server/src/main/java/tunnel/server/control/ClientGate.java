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
/// none while it owes a penalty; where somebody is logged in, what counts is the bound on all. Thread-safe.
final class ClientGate implements Gate<ClientGate.Pass>, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ClientGate.class);

    private final Limits.Logins logins;
    private final int most;
    private final Penalties penalties = new Penalties(System::nanoTime);
    private final Acquaintances acquaintances = new Acquaintances(System::nanoTime);
    private final CountedLog refusals = new CountedLog(log);
    private final Semaphore places;
    private final Semaphore pending;
    private final Tally<Source> pendingByAddress;

    ClientGate(Limits limits) {
        this.logins = limits.logins();
        this.most = limits.clients().most();
        this.places = new Semaphore(most);
        this.pending = new Semaphore(logins.pending());
        this.pendingByAddress = new Tally<>(logins.pendingPerAddress());
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
            return refuse(
                    connection,
                    peer,
                    "address",
                    logins.pendingPerAddress() + " from there have yet to log in, as many as may at once");
        }
        return new Pass(source, stranger);
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
        private final AtomicBoolean isPending;
        private volatile boolean loggedIn;

        private Pass(Source source, boolean stranger) {
            this.source = source;
            this.isPending = new AtomicBoolean(stranger);
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
                pendingByAddress.leave(source);
                pending.release();
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
