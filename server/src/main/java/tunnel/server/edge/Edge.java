package tunnel.server.edge;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tunnel.net.Deadlines.Deadline;
import tunnel.net.Listener;
import tunnel.net.Resources;
import tunnel.server.registry.Limits;
import tunnel.server.registry.PublicSide;
import tunnel.server.registry.Registry;
import tunnel.server.registry.Tunnel;

/// All that visitors can connect to: the HTTP edge, and a public listener for each tunnel.
public final class Edge implements PublicSide, AutoCloseable {
    /// How late it may be noticed that a visitor does not read.
    private static final Duration TICK = Duration.ofMillis(500);
    private static final int TICKS_A_STEP = (int) Traffic.STEP.dividedBy(TICK);

    private final List<InetAddress> addresses;
    private final HttpEdge http;
    private final TcpEdge tcp;
    private final VisitorGate gate;
    private final Duration stalled;
    private final Resources resources;
    private final Map<Tunnel, Listener> claimed = new ConcurrentHashMap<>(); // bound, not started
    private final Map<Tunnel, Opened> opened = new ConcurrentHashMap<>();
    private final Traffic whole = new Traffic(null);
    private volatile @Nullable Listener httpListener; // once it is started
    private volatile boolean sharing;
    private volatile @Nullable Deadline ticks;
    private int untilStep = TICKS_A_STEP; // the watchdog's thread only

    /// A tunnel that visitors can come to.
    private record Opened(Listener listener, Traffic traffic) {}

    /// Visitors come in after {@link #start}.
    ///
    /// @param addresses that tunnels' own listeners bind
    public Edge(List<InetAddress> addresses, Limits limits, Resources resources, Visits visits) {
        this.addresses = addresses;
        this.http = new HttpEdge(limits, resources, visits);
        this.tcp = new TcpEdge(limits.streams(), resources);
        this.gate = new VisitorGate(limits.visitors(), visits.trustedProxies(), resources);
        this.stalled = limits.visitors().stalled();
        this.resources = resources;
    }

    /// Lets visitors in to the HTTP edge.
    ///
    /// @param listener bound, not started; closed with this
    public void start(Registry registry, Listener listener) {
        http.start(ErrorPage.domain(registry.exampleUrl()));
        httpListener = listener;
        ticks = resources.deadlines().every(TICK, this::tick);
        listener.start("visitor", gate.http(listener.port()), (connection, _) -> http.serve(connection, registry::route));
    }

    /// Whether another server of this user, which this one takes the place of, may still listen on tunnels' ports.
    public void share(boolean now) {
        sharing = now;
    }

    private Listener bind(int port) throws IOException {
        return sharing ? Listener.bindShared(addresses, port) : Listener.bind(addresses, port);
    }

    @Override
    public boolean claim(Tunnel tunnel) throws IOException {
        try {
            claimed.put(tunnel, bind(tunnel.port()));
        } catch (BindException e) {
            return false;
        }
        if (http.isDraining()) { // who stops accepting may have missed it
            close(tunnel);
            throw new IOException("the server stops");
        }
        return true;
    }

    @Override
    public void open(Tunnel tunnel) {
        Listener listener = claimed.remove(tunnel);
        if (listener == null) {
            return;
        }
        Traffic traffic = new Traffic(whole);
        switch (tunnel.protocol()) {
            case HTTP -> {
                http.open(tunnel, traffic);
                listener.start(
                        "visitor", gate.http(tunnel.port()), (connection, _) -> http.serve(connection, _ -> tunnel));
            }
            case TCP ->
                listener.start("visitor", gate.tcp(tunnel), (connection, _) -> tcp.serve(connection, tunnel, traffic));
        }
        opened.put(tunnel, new Opened(listener, traffic)); // last: whoever closes it finds it started
    }

    @Override
    public void close(Tunnel tunnel) {
        http.close(tunnel);
        Listener waiting = claimed.remove(tunnel);
        if (waiting != null) {
            waiting.close();
        }
        Opened open = opened.remove(tunnel);
        if (open != null) {
            open.listener.close();
        }
    }

    /// Lets no more visitors in. A kept connection ends with its next response. Returns when the ports are free.
    public void stopAccepting() {
        http.drain();
        claimed.keySet().forEach(this::close);
        List<Thread> drains = all().stream()
                .map(listener -> Thread.ofVirtual().name("drain-" + listener.port()).start(listener::drain))
                .toList();
        try {
            for (Thread drain : drains) {
                drain.join(); // each takes 2 s at the most
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Waits until the visitors that there are have been served to their end.
    ///
    /// @return how many connections have not ended in time
    public int awaitQuiet(Duration most) {
        long end = System.nanoTime() + most.toNanos();
        return all().stream()
                .mapToInt(listener -> listener.awaitQuiet(Duration.ofNanos(end - System.nanoTime())))
                .sum();
    }

    /// Visitors' connections at this moment.
    public int visitors() {
        return all().stream().mapToInt(Listener::connections).sum();
    }

    /// Tunnels that visitors can come to.
    public int tunnels() {
        return opened.size();
    }

    /// What visitors made of a tunnel so far, or null where they cannot come to it.
    public Traffic.@Nullable Count traffic(Tunnel tunnel) {
        Opened open = opened.get(tunnel);
        return open == null ? null : open.traffic.count();
    }

    /// The same of all tunnels, also those that are gone.
    public Traffic.Count traffic() {
        return whole.count();
    }

    /// Whether no more visitors are let in.
    public boolean isDraining() {
        return http.isDraining();
    }

    private List<Listener> all() {
        List<Listener> all = new ArrayList<>(opened.values().stream().map(Opened::listener).toList());
        Listener byName = httpListener;
        if (byName != null) {
            all.add(byName);
        }
        return all;
    }

    /// Ends visitors who do not read, and TCP connections that last too long. On the watchdog's thread.
    private void tick() {
        all().forEach(listener -> listener.resetStalled(stalled));
        tcp.checkDeadlines(System.nanoTime());
        if (--untilStep == 0) {
            untilStep = TICKS_A_STEP;
            whole.step();
            opened.values().forEach(open -> open.traffic.step());
        }
    }

    /// Closes everything, and returns when its threads have ended, or after some 2 s.
    @Override
    public void close() {
        Listener byName = httpListener;
        if (byName != null) {
            byName.close();
        }
        claimed.keySet().forEach(this::close);
        opened.keySet().forEach(this::close);
        http.close();
        tcp.close();
        gate.close();
        Deadline ticking = ticks;
        if (ticking != null) {
            ticking.close();
        }
    }
}
