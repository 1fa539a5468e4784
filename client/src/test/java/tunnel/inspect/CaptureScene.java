package tunnel.inspect;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import tunnel.events.ClientEvents;
import tunnel.events.Exchange;
import tunnel.inspect.capture.Capture;
import tunnel.inspect.capture.StreamTap;
import tunnel.inspect.mask.Masks;
import tunnel.inspect.store.Detail;
import tunnel.inspect.store.LocalTarget;
import tunnel.inspect.store.Recorded;
import tunnel.inspect.store.Store;
import tunnel.local.Local;
import tunnel.local.LocalService;
import tunnel.net.HostPort;
import tunnel.net.Resources;

/// A capture with its store, fed by hand.
public final class CaptureScene implements AutoCloseable {
    public static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final InetSocketAddress VISITOR = new InetSocketAddress(InetAddress.ofLiteral("203.0.113.9"), 5000);

    private final Resources resources = new Resources();
    private final Map<Long, Exchange> told = new ConcurrentSkipListMap<>();
    private final AtomicLong missed = new AtomicLong();
    private final Store store;
    private final Capture capture;
    private LocalTarget target = target("web", 1);

    public CaptureScene(String... masked) {
        this(Capture.Mode.FULL, Capture.Limits.DEFAULT, Store.Bounds.DEFAULT, masked);
    }

    public CaptureScene(Capture.Mode mode, Capture.Limits limits, Store.Bounds bounds, String... masked) {
        this(mode, limits, bounds, new ClientEvents() {}, masked);
    }

    /// @param also told of each exchange, on the capture's thread
    public CaptureScene(
            Capture.Mode mode, Capture.Limits limits, Store.Bounds bounds, ClientEvents also, String... masked) {
        store = new Store(bounds);
        ClientEvents noting = new ClientEvents() {
            @Override
            public void exchange(Exchange exchange) {
                told.put(exchange.id(), exchange);
            }

            @Override
            public void exchangesMissed(long count) {
                missed.addAndGet(count);
            }
        };
        capture = new Capture(mode, limits, new Masks(List.of(masked)), store, ClientEvents.all(List.of(noting, also)));
    }

    /// Streams and replays go there from here on.
    public CaptureScene to(int localPort) {
        target = target("web", localPort);
        return this;
    }

    private LocalTarget target(String name, int port) {
        LocalService service = new LocalService(Local.plain(new HostPort("localhost", port)), resources);
        return new LocalTarget() {
            @Override
            public String shownName() {
                return name;
            }

            @Override
            public @Nullable LocalService service() {
                return service;
            }
        };
    }

    public Store store() {
        return store;
    }

    public Capture capture() {
        return capture;
    }

    public StreamTap stream() {
        return capture.tap(target, true, VISITOR, 700, () -> false);
    }

    public StreamTap tcp() {
        return capture.tap(target, false, VISITOR, 700, () -> false);
    }

    public long missed() {
        return missed.get();
    }

    public Map<Long, Exchange> told() {
        return told;
    }

    /// One exchange, whole, on a stream of its own.
    public CaptureScene exchange(String request, String response) {
        StreamTap tap = stream();
        tap.fromVisitor(bytes(request));
        tap.fromLocal(bytes(response));
        tap.localEnded();
        tap.ended(false);
        return this;
    }

    public static ByteBuffer bytes(String text) {
        byte[] bytes = text.getBytes(ISO_8859_1);
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }

    /// Waits until an exchange is over.
    public Detail over(long id) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(2)).until(() -> {
            Recorded recorded = store.get(id);
            return recorded != null && recorded.exchange().state() != Exchange.State.RUNNING;
        });
        return detail(id);
    }

    public Detail detail(long id) {
        Recorded recorded = store.get(id);
        if (recorded == null) {
            throw new AssertionError("there is no exchange " + id);
        }
        return recorded.detail();
    }

    /// What answered it.
    public static Detail.Part response(Detail detail) {
        return Objects.requireNonNull(detail.response());
    }

    @Override
    public void close() {
        capture.close();
        resources.close();
    }
}
