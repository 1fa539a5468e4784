package tunnel.server;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tunnel.admin.AdminCommand;
import tunnel.admin.Conversation;
import tunnel.net.Listener;
import tunnel.server.control.ControlListener;
import tunnel.server.edge.Edge;
import tunnel.server.lease.LeaseJournal;
import tunnel.server.registry.Leases;

/// How a server gives its place to another process, a {@link Successor}, that asks for it: first the state, then the clients, at
/// last the visitors. Until the last step it serves visitors as before, and where the other one comes to nothing it goes on.
final class HandOver implements AdminCommand {
    /// `take-over`; answered by `CONTROL-PORT HTTP-PORT TUNNELS`. Then the words below follow, each answered by itself.
    static final String NAME = "take-over";
    /// The successor listens at the control port: clients are sent there.
    static final String CLIENTS = "clients";
    /// It listens for visitors: the ports are its own from here on.
    static final String VISITORS = "visitors";

    private static final Logger log = LoggerFactory.getLogger(HandOver.class);
    /// For the successor to get from one step to the next: it waits 5 s for clients.
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /// What is handed over.
    ///
    /// @param bindControl binds the control port again
    record Place(StateDirectory state, Leases leases, ControlListener control, Edge edge, Binding bindControl, int httpPort) {}

    /// Binds a listener.
    @FunctionalInterface
    interface Binding {
        Listener bind() throws IOException;
    }

    private final Place place;
    private final AtomicBoolean underWay = new AtomicBoolean();
    private final CountDownLatch done = new CountDownLatch(1);

    HandOver(Place place) {
        this.place = place;
    }

    /// Waits until another server has the place. This one has then yet to serve what it still has.
    void await() throws InterruptedException {
        done.await();
    }

    /// The HTTP edge's port.
    int httpPort() {
        return place.httpPort();
    }

    /// Whether another server has the place.
    boolean isDone() {
        return done.getCount() == 0;
    }

    @Override
    public void run(List<String> arguments, Conversation successor) throws IOException {
        if (!underWay.compareAndSet(false, true)) {
            throw new IllegalArgumentException("another tunnel-server is taking the place of this one already. Wait until it has, or stop it");
        }
        log.info("another server takes over");
        try {
            successor.takesUpTo(PATIENCE);
            giveState(successor);
            expect(CLIENTS, successor);
            successor.takesUpTo(PATIENCE);
            place.control().goAway();
            successor.say(List.of(CLIENTS));
            expect(VISITORS, successor);
            successor.takesUpTo(PATIENCE);
            place.edge().stopAccepting();
            try {
                successor.say(List.of(VISITORS));
            } finally {
                done.countDown(); // not before it is said: with nothing left to serve, this process ends at once
            }
        } finally {
            if (!isDone()) {
                goOn();
                underWay.set(false);
            }
        }
    }

    /// No client comes in between: who is not served here any more is served there soon.
    private void giveState(Conversation successor) throws IOException {
        place.control().stopAccepting();
        place.leases().pause();
        place.state().unlock();
        successor.say(List.of(
                Integer.toString(place.control().port()),
                Integer.toString(place.httpPort()),
                Integer.toString(place.edge().tunnels())));
    }

    private static void expect(String word, Conversation successor) throws IOException {
        List<String> line = successor.hear();
        if (line == null || !line.equals(List.of(word))) {
            throw new IOException("the other server did not get so far");
        }
    }

    private void goOn() {
        try {
            place.state().lockAgain();
            place.leases().resume(LeaseJournal.open(place.state().path(TunnelServer.LEASES)));
            place.control().acceptAgain(place.bindControl().bind());
            log.warn("the other server did not get so far: this one goes on");
        } catch (IOException e) {
            log.error("the other server did not get so far, and this one cannot go on: {}. It serves the clients that it has; start"
                    + " it again", e.getMessage());
        }
    }
}
