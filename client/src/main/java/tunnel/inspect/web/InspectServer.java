package tunnel.inspect.web;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.BindException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tunnel.events.ClientEvents;
import tunnel.inspect.store.Store;
import tunnel.net.Addresses;
import tunnel.net.Deadlines;

/// The inspector's web server: the JDK's own, on loopback, each request on a virtual thread of its own that has so much time.
public final class InspectServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(InspectServer.class);

    private static final int PORTS_TRIED = 100;
    private static final int AT_ONCE = 64;
    private static final int PAGES = 16; // that listen
    /// For a head, its answer and all between: a replay may take 30 s.
    private static final Duration REQUEST = Duration.ofSeconds(60);
    private static final Duration EVENT_WRITE = Duration.ofSeconds(5);

    private final List<HttpServer> servers;
    private final Access access;
    private final Api api;
    private final ClientStatus client;
    private final EventFeed feed;
    private final Deadlines deadlines = new Deadlines();
    private final Semaphore requests = new Semaphore(AT_ONCE);
    private final Semaphore pages = new Semaphore(PAGES);
    private volatile boolean closed;

    /// What it shows.
    ///
    /// @param server the tunnel server's host and port
    public record Shown(String version, String server, Store store, Replays replays) {}

    /// @param state who hears what the client tells
    private InspectServer(List<HttpServer> servers, Shown shown, State state) {
        this.servers = servers;
        this.client = state.client;
        this.feed = state.feed;
        this.access = new Access(Access.newToken(), servers.getFirst().getAddress().getPort());
        this.api = new Api(shown.store(), feed, client, shown.replays());
    }

    /// What a server shows of the client, from before it starts.
    public static final class State {
        private final ClientStatus client;
        private final EventFeed feed = new EventFeed();

        public State(Shown shown) {
            client = new ClientStatus(shown.version(), shown.server(), shown.store());
        }

        /// Who has to be told.
        public ClientEvents events() {
            return ClientEvents.all(List.of(client, feed));
        }
    }

    /// Bounds of the JDK's server, which it has for the whole process and reads when the first one is made: to be called before
    /// that. An idle connection it ends after 30 s by itself. Whoever sets them otherwise wins.
    public static void bounds() {
        setUnlessSet("jdk.httpserver.maxConnections", "4096"); // those of a folder that is served, one for each stream, too
        setUnlessSet("sun.net.httpserver.nodelay", "true"); // or what follows a head waits for 40 ms
    }

    private static void setUnlessSet(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    /// Listens from now on: at the port, or the next free one behind it where it is taken.
    ///
    /// @param host `localhost` for both loopback addresses, or one of them
    /// @param port 0 for any
    public static InspectServer start(String host, int port, Shown shown, State state) throws IOException {
        List<InetAddress> addresses =
                host.equalsIgnoreCase("localhost") ? Addresses.loopback() : List.of(InetAddress.ofLiteral(host));
        InspectServer server = new InspectServer(bind(addresses, port), shown, state);
        for (HttpServer one : server.servers) {
            one.setExecutor(server::execute);
            one.createContext("/", server::handle);
            one.start();
        }
        return server;
    }

    private static List<HttpServer> bind(List<InetAddress> addresses, int port) throws IOException {
        IOException first = null;
        for (int more = 0; more <= PORTS_TRIED && port + more <= 65535; more++) {
            try {
                return bindAll(addresses, port == 0 ? 0 : port + more); // any may be taken at the second address
            } catch (BindException e) {
                first = first == null ? e : first;
            }
        }
        throw first == null ? new BindException("no port is free") : first;
    }

    private static List<HttpServer> bindAll(List<InetAddress> addresses, int port) throws IOException {
        List<HttpServer> bound = new ArrayList<>();
        int common = port; // what the first address got is the others' too
        try {
            for (InetAddress address : addresses) {
                HttpServer server = HttpServer.create(new InetSocketAddress(address, common), 0);
                bound.add(server);
                common = server.getAddress().getPort();
            }
            return bound;
        } catch (IOException e) {
            bound.forEach(one -> one.stop(0));
            throw e;
        }
    }

    /// The port that it got.
    public int port() {
        return servers.getFirst().getAddress().getPort();
    }

    /// The address to open, with this run's token.
    public String url() {
        return origin() + "/?token=" + access.token();
    }

    /// `localhost` only where all that it may mean is ours: at the other address somebody else may listen, and wait for the token.
    private String origin() {
        boolean six = servers.getFirst().getAddress().getAddress() instanceof Inet6Address;
        return "http://" + (servers.size() > 1 ? "localhost" : six ? "[::1]" : "127.0.0.1") + ":" + port();
    }

    /// How many pages listen.
    int pages() {
        return feed.readers();
    }

    /// This run's.
    String token() {
        return access.token();
    }

    /// A connection has bytes: its thread reads the request's head too. Where there are too many the connection is closed.
    private void execute(Runnable exchange) {
        if (!requests.tryAcquire()) {
            throw new RejectedExecutionException("too many requests at once");
        }
        Thread.ofVirtual().name("inspector").start(() -> {
            Turn turn = new Turn(deadlines.after(REQUEST, Thread.currentThread()::interrupt)); // which closes its socket
            try {
                ScopedValue.where(TURN, turn).run(exchange);
            } finally {
                turn.over();
            }
        });
    }

    /// What a request has until it is over, or lasts.
    private final class Turn {
        private final Deadlines.Deadline deadline;
        private final AtomicBoolean over = new AtomicBoolean();

        Turn(Deadlines.Deadline deadline) {
            this.deadline = deadline;
        }

        void over() {
            if (over.compareAndSet(false, true)) {
                deadline.close();
                requests.release();
            }
        }
    }

    /// That of the request which the present thread serves.
    private static final ScopedValue<Turn> TURN = ScopedValue.newInstance();

    private void handle(HttpExchange exchange) {
        try (exchange) {
            Answer.secure(exchange);
            answer(exchange);
        } catch (IOException e) {
            log.debug("a request to the inspector was broken off: {}", e.getMessage());
        } catch (InterruptedException e) {
            log.debug("a request to the inspector took too long");
        } catch (RuntimeException e) {
            log.error("answering a request to the inspector failed", e);
        }
    }

    private void answer(HttpExchange exchange) throws IOException, InterruptedException {
        String path = exchange.getRequestURI().getPath();
        if (!access.isHostOurs(exchange)) {
            Answer.error(exchange, 421, "This is the inspector of tunnel-client: open it as " + origin() + "/.");
            return;
        }
        if (access.hasTokenInQuery(exchange)) {
            exchange.getResponseHeaders().set("Set-Cookie", access.cookie());
            exchange.getResponseHeaders().set("Location", "/");
            Answer.empty(exchange, 303);
            return;
        }
        Access.Refusal refusal = access.refusal(exchange);
        if (refusal != null) {
            if (path.startsWith("/api/")) {
                Answer.error(exchange, refusal.status(), refusal.sentence());
            } else {
                Page.locked(exchange);
            }
        } else if (path.equals("/api/events")) {
            events(exchange);
        } else if (path.startsWith("/api/")) {
            api.answer(exchange, path.substring("/api/".length()));
        } else {
            Page.to(exchange, path);
        }
    }

    private void events(HttpExchange exchange) throws IOException, InterruptedException {
        if (!pages.tryAcquire()) {
            Answer.error(exchange, 503, "Too many pages listen already. Close some.");
            return;
        }
        EventReader reader = new EventReader(client);
        try {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, 0);
            TURN.get().over(); // it lasts; each of its writes is bounded instead
            feed.add(reader);
            reader.send(exchange.getResponseBody(), this::bounded);
        } finally {
            feed.remove(reader);
            pages.release();
        }
    }

    private void bounded(EventReader.Writing writing) throws IOException {
        if (closed) {
            throw new IOException("the inspector stops");
        }
        Thread own = Thread.currentThread();
        try (var _ = deadlines.after(EVENT_WRITE, own::interrupt)) {
            writing.run();
        }
    }

    /// Ends all connections and threads. Closing again does nothing.
    @Override
    public void close() {
        closed = true;
        servers.forEach(one -> one.stop(0));
        deadlines.close();
    }
}
