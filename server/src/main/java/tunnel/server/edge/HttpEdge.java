package tunnel.server.edge;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tunnel.http.FieldName;
import tunnel.http.Host;
import tunnel.http.RequestHead;
import tunnel.http.Rule;
import tunnel.log.CountedLog;
import tunnel.net.Addresses;
import tunnel.net.PlainTransport;
import tunnel.net.Resources;
import tunnel.server.access.AccessLog;
import tunnel.server.registry.Limits;
import tunnel.server.registry.NoRoute;
import tunnel.server.registry.Route;
import tunnel.server.registry.Tunnel;

/// The HTTP side of the edge: what all its visitors' connections share. Each request finds its own tunnel.
final class HttpEdge implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(HttpEdge.class);
    /// How late a deadline may be noticed.
    private static final Duration TICK = Duration.ofMillis(250);
    /// While the server drains, for a visitor to send the next request on a connection: nobody is to hold up the end, and a
    /// request that is on its way is still to be answered.
    private static final Duration IDLE_AT_END = Duration.ofSeconds(1);
    private static final int LONGEST_ID = 64; // a UUID has 36 characters
    /// Of X-Forwarded-For that a proxy sent: beyond it the chain is left out.
    private static final int LONGEST_CHAIN = 2 << 10;

    private final Limits limits;
    private final Resources resources;
    private final AccessLog accessLog;
    private final TrustedProxies proxies;
    private final String requestIdPrefix = Long.toString(ThreadLocalRandom.current().nextLong(1L << 40), 36);
    private final AtomicLong requests = new AtomicLong();
    private final CountedLog refusals = new CountedLog(log);
    private final Set<HttpVisitor> visitors = ConcurrentHashMap.newKeySet();
    private final Map<Integer, HttpTunnel> tunnels = new ConcurrentHashMap<>(); // by their public port
    private volatile boolean draining;
    private volatile ErrorPage domainPage = ErrorPage.NO_SUCH_TUNNEL;
    private final Thread ticker = Thread.ofVirtual().name("edge-ticker").unstarted(this::tick);

    HttpEdge(Limits limits, Resources resources, Visits visits) {
        this.limits = limits;
        this.resources = resources;
        this.accessLog = visits.accessLog();
        this.proxies = visits.trustedProxies();
    }

    /// How a request finds its tunnel.
    @FunctionalInterface
    interface Routes {
        /// Where a host leads.
        ///
        /// @param host in lower case, without a port; empty where HTTP/1.0 names none
        Route find(String host);
    }

    /// Who a request comes from, as far as can be believed.
    ///
    /// @param address of the visitor
    /// @param visitor the same as text
    /// @param forwardedFor the addresses that it came by, the visitor's first
    /// @param proto `http` or `https`
    /// @param host as the visitor typed it
    record From(
            InetAddress address, String visitor, String forwardedFor, String proto, String host, String requestId) {}

    /// What a request's host leads to: a tunnel, or the page that says why not.
    record Found(@Nullable HttpTunnel tunnel, @Nullable ErrorPage refusal) {}

    /// @param domain the page of the bare domain
    void start(ErrorPage domain) {
        domainPage = domain;
        ticker.start();
    }

    /// From here on each connection ends with its next response, and those that have no request under way soon.
    void drain() {
        draining = true;
    }

    boolean isDraining() {
        return draining;
    }

    /// How long a visitor may take to send the next request on a connection.
    Duration idle() {
        return draining ? IDLE_AT_END : limits.http().idle();
    }

    Limits.Http limits() {
        return limits.http();
    }

    /// Of an exchange, zero for any.
    Duration lifetime() {
        return limits.streams().lifetime();
    }

    /// For how long a response is waited for before the client has to give a sign of life, and for that.
    Duration doubt() {
        return limits.sessions().doubt();
    }

    /// Under way at once.
    int requestsPerTunnel() {
        return limits.visitors().perTunnel();
    }

    Resources resources() {
        return resources;
    }

    AccessLog accessLog() {
        return accessLog;
    }

    /// Serves one visitor's connection on its thread.
    void serve(PlainTransport connection, Routes routes) throws IOException {
        HttpVisitor visitor = new HttpVisitor(connection, this, routes);
        visitors.add(visitor);
        try {
            visitor.serve();
        } finally {
            visitors.remove(visitor);
        }
    }

    /// A tunnel is ready.
    ///
    /// @param traffic where its requests are counted
    void open(Tunnel tunnel, Traffic traffic) {
        tunnels.put(tunnel.port(), new HttpTunnel(tunnel, traffic, this));
    }

    /// A tunnel is given up. It may be said again when another one has its port.
    void close(Tunnel tunnel) {
        HttpTunnel open = tunnels.get(tunnel.port());
        if (open != null && open.isOf(tunnel) && tunnels.remove(tunnel.port(), open)) {
            open.close();
        }
    }

    Found find(Routes routes, RequestHead head) {
        Host host = head.host();
        String name = host == null ? "" : host.name();
        Route route = routes.find(name);
        if (route instanceof Tunnel tunnel) {
            HttpTunnel open = tunnels.get(tunnel.port());
            if (open != null && open.isOf(tunnel)) {
                return open.hasPassed(head) ? new Found(null, ErrorPage.LOOP) : new Found(open, null);
            }
            route = routes.find(name); // it was given up in between, and only now it is known why
        }
        return new Found(null, switch (route) {
            case NoRoute.DOMAIN_ITSELF -> domainPage;
            case NoRoute.CLIENT_AWAY -> ErrorPage.CLIENT_AWAY;
            case NoRoute.UNKNOWN -> ErrorPage.NO_SUCH_TUNNEL;
            case Tunnel _ -> ErrorPage.NO_SUCH_TUNNEL;
        });
    }

    /// Whether it is a trusted proxy's connection, on which the requests of several visitors may come.
    boolean isProxy(PlainTransport connection) {
        return proxies.trusts(connection.remote().getAddress());
    }

    /// Who the request at hand comes from. What the request says of that is only believed when a trusted proxy says it.
    From visitor(PlainTransport connection, RequestHead head) {
        InetAddress peer = connection.remote().getAddress();
        String host = text(head.value(FieldName.HOST));
        String id = requestId(head);
        if (!proxies.trusts(peer)) {
            String address = Addresses.text(peer);
            return new From(peer, address, address, "http", host, id);
        }
        List<String> forwarded = values(head, FieldName.X_FORWARDED_FOR);
        String chain = String.join(", ", forwarded);
        InetAddress visitor = proxies.visitor(peer, forwarded);
        String forwardedFor = (chain.isEmpty() || chain.length() > LONGEST_CHAIN ? "" : chain + ", ") + Addresses.text(peer);
        boolean https = text(head.value(FieldName.X_FORWARDED_PROTO)).equalsIgnoreCase("https");
        Host forwardedHost = Host.parse(text(head.value(FieldName.X_FORWARDED_HOST)));
        return new From(
                visitor,
                Addresses.text(visitor),
                forwardedFor,
                https ? "https" : "http",
                forwardedHost == null ? host : forwardedHost.toString(),
                id);
    }

    private static List<String> values(RequestHead head, FieldName name) {
        List<String> all = new ArrayList<>();
        for (int field = head.fields().find(name, 0); field >= 0; field = head.fields().find(name, field + 1)) {
            all.add(head.value(field));
        }
        return all;
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }

    /// The visitor's own where it is harmless, else a new one.
    private String requestId(RequestHead head) {
        String theirs = head.value(FieldName.X_REQUEST_ID);
        return theirs != null && isGoodId(theirs) ? theirs : newRequestId();
    }

    private static boolean isGoodId(String id) {
        if (id.isEmpty() || id.length() > LONGEST_ID) {
            return false;
        }
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            if (c > 126 || (!Character.isLetterOrDigit(c) && "-_.:/+=@".indexOf(c) < 0)) {
                return false;
            }
        }
        return true;
    }

    /// Unlike any other of this server's, and likely of others'.
    String newRequestId() {
        return requestIdPrefix + "-" + Long.toString(requests.incrementAndGet(), 36);
    }

    RequestForwarding forwarding(From from, RequestHead head, HttpTunnel tunnel) {
        String via = (head.isVersion11() ? "1.1 " : "1.0 ") + tunnel.pseudonym();
        return new RequestForwarding(from.forwardedFor(), from.proto(), from.host(), via, from.requestId());
    }

    /// When a response has to begin whose request was sent just now, of `System.nanoTime`.
    long responseDeadline(HttpTunnel tunnel) {
        Duration wish = tunnel.options().responseTimeout();
        long nanos = System.nanoTime() + (wish.isZero() ? limits.http().response() : wish).toNanos();
        return nanos == 0 ? 1 : nanos;
    }

    /// Says which rule was broken, for the operator alone, and of many the first and how many: anybody can break one.
    void logRefusal(InetSocketAddress visitor, Rule rule) {
        refusals.info("refused", Addresses.text(visitor) + " refused with " + rule.status() + ": " + rule.text());
    }

    private void tick() {
        try {
            while (true) {
                Thread.sleep(TICK);
                long now = System.nanoTime();
                visitors.forEach(visitor -> unharmed(() -> visitor.checkDeadlines(now)));
                long parked = now - limits.http().parkedFor().toNanos();
                tunnels.values().forEach(tunnel -> unharmed(() -> tunnel.connections().closeParkedBefore(parked)));
            }
        } catch (InterruptedException e) {
            // closed
        }
    }

    /// What goes wrong with one leaves all others their deadlines.
    private static void unharmed(Runnable check) {
        try {
            check.run();
        } catch (RuntimeException e) {
            log.warn("a deadline could not be enforced", e);
        }
    }

    @Override
    public void close() {
        ticker.interrupt();
        refusals.close();
        tunnels.values().forEach(HttpTunnel::close);
    }
}
