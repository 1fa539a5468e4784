package tunnel.events;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tunnel.events.ClientSnapshot.Phase;
import tunnel.events.ClientSnapshot.Session;
import tunnel.events.ClientSnapshot.Stage;
import tunnel.events.ClientSnapshot.Tunnel;

/// What is known of a client now. Used under its owner's lock.
final class Present implements ClientEvents {
    private static final int MOST_RECENT = 100; // more than any screen shows

    private final InstantSource clock;
    private Session session;
    private final TreeMap<Integer, Tunnel> tunnels = new TreeMap<>();
    private final Set<Integer> removed = new HashSet<>(); // numbers that are never used again; events about them may be under way
    private final Tallies tallies = new Tallies();
    private final LinkedHashMap<Long, Exchange> recent = new LinkedHashMap<>(); // the newest last
    private String inspector = "";

    Present(String server, InstantSource clock) {
        this.clock = clock;
        this.session = new Session(Phase.CONNECTING, server, clock.instant(), "", null, null);
    }

    ClientSnapshot snapshot() {
        return new ClientSnapshot(
                session,
                List.copyOf(tunnels.values()),
                tallies.at(clock.instant()),
                List.copyOf(recent.sequencedValues().reversed()),
                inspector);
    }

    private boolean isOnline() {
        return session.phase() == Phase.ONLINE;
    }

    @Override
    public void unreachable(String why) {
        if (!isOnline()) { // else its server is about to stop, and the successor is not there yet
            offline(session.phase(), session.since(), why, null);
        }
    }

    @Override
    public void retrying(Duration wait) {
        if (!isOnline()) {
            offline(session.phase(), session.since(), session.why(), clock.instant().plus(wait));
        }
    }

    @Override
    public void lost(String why) {
        offline(Phase.RECONNECTING, clock.instant(), why, null);
    }

    private void offline(Phase phase, Instant since, String why, @Nullable Instant next) {
        session = new Session(phase, session.server(), since, why, next, null);
    }

    @Override
    public void online() {
        Instant since = isOnline() ? session.since() : clock.instant(); // its server handed over
        session = new Session(Phase.ONLINE, session.server(), since, "", null, session.roundTrip());
    }

    @Override
    public void roundTrip(Duration time) {
        if (isOnline()) {
            session = new Session(Phase.ONLINE, session.server(), session.since(), "", null, time);
        }
    }

    @Override
    public void ready(Shown tunnel) {
        change(tunnel, had -> new Tunnel(tunnel, Stage.READY, "", had.down()));
    }

    @Override
    public void refused(Shown tunnel, String why) {
        change(tunnel, had -> new Tunnel(tunnel, Stage.REFUSED, why, had.down()));
    }

    @Override
    public void removed(Shown tunnel) {
        removed.add(tunnel.id());
        tunnels.remove(tunnel.id());
    }

    @Override
    public void localDown(Shown tunnel, String why) {
        change(tunnel, had -> new Tunnel(tunnel, had.stage(), had.why(), why));
    }

    @Override
    public void localUp(Shown tunnel) {
        change(tunnel, had -> new Tunnel(tunnel, had.stage(), had.why(), ""));
    }

    private void change(Shown shown, UnaryOperator<Tunnel> change) {
        if (removed.contains(shown.id())) {
            return;
        }
        Tunnel had = tunnels.getOrDefault(shown.id(), new Tunnel(shown, Stage.ASKED, "", ""));
        tunnels.put(shown.id(), change.apply(had));
    }

    @Override
    public void inspector(String address) {
        inspector = address;
    }

    @Override
    public void exchange(Exchange exchange) {
        if (tallies.count(exchange, clock.instant())) {
            recent.put(exchange.id(), exchange);
            if (recent.size() > MOST_RECENT) {
                recent.pollFirstEntry();
            }
        } else {
            recent.replace(exchange.id(), exchange); // unless it is gone from there
        }
    }

    @Override
    public void exchangesMissed(long count) {
        tallies.countMissed(count, clock.instant());
    }
}
