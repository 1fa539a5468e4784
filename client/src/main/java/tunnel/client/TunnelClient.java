package tunnel.client;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tunnel.cli.RefusedException;
import tunnel.events.ClientEvents;
import tunnel.net.Resources;

/// A whole client: keeps a session with the server, and when one is lost dials again and asks for the same tunnels. When a
/// server announces that it stops, it has the next session in place before it leaves the last one.
public final class TunnelClient implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TunnelClient.class);

    /// For what runs through a folder's tunnel that was given up, as a server that stops has.
    private static final Duration DRAIN = Duration.ofSeconds(30);

    private final ClientSettings settings;
    private final ClientEvents told;
    private final Machine machine;
    private final Resources resources = new Resources();
    private final ClientTunnels tunnels;
    private final Redial redial;
    private final Set<ClientSession> alive = ConcurrentHashMap.newKeySet(); // two at most

    private volatile boolean closed;
    private volatile @Nullable Thread runner;

    // the runner's thread only
    private @Nullable ClientSession leaving; // only serves what it has
    private int begun; // sessions, for threads' names

    public TunnelClient(ClientSettings settings, ClientEvents told) {
        this(settings, Watchers.of(told), Machine.THIS);
    }

    public TunnelClient(ClientSettings settings, Watchers watchers) {
        this(settings, watchers, Machine.THIS);
    }

    /// For a machine whose clocks and network are to be looked at by another way.
    public TunnelClient(ClientSettings settings, Watchers watchers, Machine machine) {
        this.settings = settings;
        this.machine = machine;
        this.told = watchers.told();
        this.tunnels = new ClientTunnels(settings.tunnels(), resources, told);
        ServerLink link = new ServerLink(settings.join(), settings.plain(), resources);
        this.redial = new Redial(link, new Login(link, tunnels, watchers), told);
    }

    /// Runs until {@link #close} or until the server does not want this client.
    ///
    /// @throws RefusedException with a sentence for the user
    /// @throws IOException with a sentence for the user, where the settings say that a lost connection is the end
    public void run() throws RefusedException, IOException {
        runner = Thread.currentThread();
        Thread watch = Thread.ofVirtual().name("watch").start(this::watch);
        try {
            ClientSession serving = reach();
            while (true) {
                serving.events().awaitGoingAway();
                redial.lost();
                serving = serving.events().isOver() ? again(serving) : successorOf(serving);
            }
        } catch (InterruptedException e) {
            // closed
        } finally {
            runner = null;
            watch.interrupt();
            leaveAll();
        }
    }

    /// Wishes for other tunnels, from any thread, also before it runs. Those whose wish stays as it was go on, their visitors see
    /// nothing of it. What runs through one that is given up, or that is changed, comes to its end where the server lets it.
    public void wish(List<ClientSettings.Wish> wishes) {
        List<ClientTunnel> gone = tunnels.change(wishes);
        alive.forEach(session -> session.follow(tunnels));
        for (ClientTunnel tunnel : gone) {
            told.removed(tunnel.shown());
            var _ = resources.deadlines().after(DRAIN, tunnel::close);
        }
    }

    /// Dials until the server answers.
    private ClientSession reach() throws RefusedException, IOException, InterruptedException {
        while (true) {
            try {
                return begin();
            } catch (IOException e) {
                if (settings.exitOnDisconnect()) {
                    throw e;
                }
                redial.complain(e);
            }
            redial.pause();
        }
    }

    private ClientSession begin() throws RefusedException, IOException, InterruptedException {
        try {
            endIfClosed();
            ClientSession session = redial.attempt();
            alive.add(session);
            session.events().onEnd(() -> alive.remove(session));
            session.follow(tunnels); // what has changed since it asked; from here on wish() reaches it
            if (closed) {
                session.leave();
            }
            redial.succeeded();
            session.start("session-" + ++begun);
            return session;
        } catch (IOException | RefusedException e) {
            endIfClosed();
            throw e;
        }
    }

    private void endIfClosed() throws InterruptedException {
        if (closed) {
            throw new InterruptedException("closed");
        }
    }

    /// The next session after one that is lost.
    private ClientSession again(ClientSession lost) throws RefusedException, IOException, InterruptedException {
        SessionEvents.End end = lost.events().end();
        endIfClosed();
        if (end.refused() != null) {
            throw end.refused();
        }
        String what = "the connection to the server was lost: " + end.reason();
        if (settings.exitOnDisconnect()) {
            throw new IOException(what + ". Leave --exit-on-disconnect out to have it dial again");
        }
        log.warn("{}. Reconnecting", what);
        told.lost(what);
        ClientSession before = leaving;
        if (before != null && !before.events().isOver()) { // should its server go on after all, it still has the names
            redial.continues(before);
            before.drop("the server's successor is gone again");
        }
        if (!end.givenUp()) {
            redial.pause(); // many lost it at this moment
        }
        return reach();
    }

    /// Make before break: the next session while the old one still serves. When the new one is in place, the old one serves
    /// its streams to their end, which the server sees and closes it. Where it ends before anybody answers, it is lost.
    private ClientSession successorOf(ClientSession old) throws RefusedException, IOException, InterruptedException {
        if (leaving != null) {
            leaving.drop("the server's successor has a successor"); // of two announcements in a row: two sessions are enough
        }
        while (true) {
            redial.pause(); // all clients of the server heard it at this moment
            if (old.events().isOver()) {
                return again(old);
            }
            ClientSession next = next(old);
            if (next != null) {
                log.info("the server's successor has taken over; {} streams go on at the old one", old.running());
                leaving = old;
                return next;
            }
        }
    }

    /// @return null where it did not come to be while the old one is there
    private @Nullable ClientSession next(ClientSession old) throws RefusedException, IOException, InterruptedException {
        try {
            ClientSession next = begin();
            next.events().awaitInPlace(old.events());
            if (next.events().isInPlace() || (old.events().isOver() && !next.events().isOver())) {
                return next;
            }
            redial.continues(old); // whose server may go on after all, and still has the names
            next.drop("it is about to stop, too"); // unless it is over
            SessionEvents.End end = next.events().end();
            endIfClosed();
            if (end.refused() != null) {
                throw end.refused();
            }
            log.info("the server's successor is gone again: {}", end.reason());
        } catch (IOException e) {
            redial.complain(e);
        }
        return null;
    }

    /// Looks for what breaks connections with no sign on them.
    private void watch() {
        Watch watch = new Watch(machine);
        try {
            while (true) {
                machine.sleep(Watch.INTERVAL);
                Watch.Doubt doubt = watch.look();
                if (doubt != null) {
                    check(doubt);
                }
            }
        } catch (InterruptedException e) {
            // closed
        }
    }

    private void check(Watch.Doubt doubt) {
        log.debug("{}", doubt.why());
        List<ClientSession> asked = List.copyOf(alive);
        for (ClientSession session : asked) {
            Thread.ofVirtual().name("check").start(() -> check(session, doubt));
        }
        if (asked.isEmpty()) {
            redial.wake();
        }
    }

    private static void check(ClientSession session, Watch.Doubt doubt) {
        try {
            session.check(doubt);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Leaves the server and closes all connections, within 2 s; {@link #run} returns. Closing again does nothing.
    @Override
    public void close() {
        closed = true;
        redial.close();
        leaveAll();
        Thread running = runner;
        if (running != null) {
            running.interrupt(); // last: it may be the one that closes
        }
        tunnels.close();
        resources.close();
    }

    /// At the same time, since each may take a second.
    private void leaveAll() {
        List<Thread> goodbyes = alive.stream()
                .map(session -> Thread.ofVirtual().name("goodbye").start(session::leave))
                .toList();
        try {
            for (Thread goodbye : goodbyes) {
                goodbye.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
