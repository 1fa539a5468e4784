package tunnel.client;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tunnel.cli.RefusedException;
import tunnel.client.Pinning.PinMismatch;
import tunnel.client.ServerLink.NoChallenge;
import tunnel.events.ClientEvents;
import tunnel.log.Printable;
import tunnel.net.Backoff;
import tunnel.protocol.FrameChannel;
import tunnel.protocol.JoinString;

/// The client's way to its server, each time anew: dials, logs in, waits before the next attempt, and knows which failures no
/// attempt would mend. Used by the runner's thread; {@link #wake} and {@link #close} are for others.
final class Redial {
    private static final Logger log = LoggerFactory.getLogger(Redial.class);

    private final ServerLink link;
    private final Login login;
    private final ClientEvents told;
    private final Backoff backoff = new Backoff();
    private final Semaphore woken = new Semaphore(0);

    private volatile @Nullable FrameChannel dialling;

    private boolean everConnected;
    private boolean complained; // since the last session

    Redial(ServerLink link, Login login, ClientEvents told) {
        this.link = link;
        this.login = login;
        this.told = told;
    }

    /// Dials and logs in, once. The session has not been started yet.
    ///
    /// @throws IOException with a sentence for the user, where another attempt may succeed
    ClientSession attempt() throws IOException, RefusedException {
        try {
            ServerLink.Connection connection = link.dialControl(everConnected && backoff.isEarly());
            return login(connection);
        } catch (Login.Busy e) {
            throw new IOException(server() + " takes no more clients at the moment: " + e.getMessage() + ".", e);
        } catch (IOException e) {
            refuseIfFinal(e, link.join(), everConnected);
            throw new IOException(
                    "cannot reach " + server() + ": " + Printable.of(e.getMessage()) + ". Is tunnel-server running there?", e);
        }
    }

    /// To call when an attempt succeeded, with the session where others can end it.
    void succeeded() {
        log.info("{} to {}{}", everConnected ? "connected again" : "connected", server(), link.isPlain() ? " without TLS" : "");
        told.online();
        everConnected = true;
        complained = false;
    }

    private ClientSession login(ServerLink.Connection connection) throws IOException, RefusedException {
        FrameChannel frames = connection.frames();
        dialling = frames;
        try {
            return login.on(connection);
        } catch (IOException | RefusedException | RuntimeException e) {
            frames.close();
            throw e;
        } finally {
            dialling = null;
        }
    }

    private String server() {
        return link.join().server().toString();
    }

    /// Whether a failure is one that no other attempt would mend.
    ///
    /// @param everConnected whether the server was the right one before
    /// @throws RefusedException with a sentence for the user where it is
    static void refuseIfFinal(IOException e, JoinString join, boolean everConnected) throws RefusedException {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof PinMismatch mismatch) {
                throw new RefusedException("the server at " + join.server() + " is not the one in the join string: "
                        + mismatch.getMessage() + ", not " + join.pin()
                        + ". If it was set up anew, run 'tunnel-client login' with its new join string;"
                        + " otherwise somebody else answers there");
            }
        }
        if (!everConnected && e instanceof SSLException) {
            throw new RefusedException("no TLS with the server at " + join.server() + " (" + Printable.of(e.getMessage())
                    + "). If it runs with --plain, this client needs --plain too; or is it another program's port?");
        }
        if (!everConnected && e instanceof NoChallenge) {
            throw new RefusedException("the server at " + join.server() + " does not greet as one without TLS does."
                    + " Leave --plain out here, or start the server with --plain too");
        }
    }

    /// Says why an attempt failed, of many in a row only the first time.
    void complain(IOException failure) {
        if (!complained) {
            complained = true;
            log.warn("{} Retrying", failure.getMessage());
        }
        told.unreachable(String.valueOf(failure.getMessage()));
    }

    /// The next session continues that one, in place of the last that was begun.
    void continues(ClientSession session) {
        login.continues(session);
    }

    /// A session is lost, or will be: the next waits are short.
    void lost() {
        backoff.lost();
    }

    /// Waits before the next attempt.
    void pause() throws InterruptedException {
        Duration wait = backoff.next();
        told.retrying(wait);
        if (woken.tryAcquire(wait.toNanos(), TimeUnit.NANOSECONDS)) {
            woken.drainPermits();
            backoff.lost();
        }
    }

    /// The network may be back: ends a pause at once, or else the next one.
    void wake() {
        woken.release();
    }

    /// Breaks off a login.
    void close() {
        FrameChannel half = dialling;
        if (half != null) {
            half.abort();
        }
    }
}
