package tunnel.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tunnel.cli.RefusedException;
import tunnel.client.ClientSettings;
import tunnel.client.ClientSettings.Wish;
import tunnel.client.TunnelClient;
import tunnel.client.Watchers;
import tunnel.events.ClientEvents;
import tunnel.events.Exchange;
import tunnel.fixture.ClosedPort;
import tunnel.inspect.capture.Capture;
import tunnel.inspect.mask.Masks;
import tunnel.inspect.store.Detail;
import tunnel.inspect.store.Store;
import tunnel.local.Local;
import tunnel.net.HostPort;
import tunnel.protocol.EdgeOptions;
import tunnel.protocol.TunnelProtocol;
import tunnel.server.TunnelServer;

/// What a client's capture makes of visitors who come through a whole tunnel.
class InspectTest implements ClientEvents {
    private final BlockingQueue<Shown> ready = new LinkedBlockingQueue<>();
    private final Map<Long, Exchange> told = new ConcurrentSkipListMap<>();
    private final Store store = new Store(Store.Bounds.DEFAULT);
    private World world;
    private TunnelServer server;

    @BeforeEach
    void open() throws IOException {
        world = new World();
        server = world.server();
    }

    @AfterEach
    void close() throws IOException {
        world.close();
    }

    @Override
    public void ready(Shown tunnel) {
        ready.add(tunnel);
    }

    @Override
    public void exchange(Exchange exchange) {
        told.put(exchange.id(), exchange);
    }

    /// Starts a client that is captured.
    private Shown tunnel(int localPort, TunnelProtocol protocol) throws InterruptedException {
        Capture capture = world.closing(new Capture(
                Capture.Mode.FULL, Capture.Limits.DEFAULT, new Masks(List.of()), store, this));
        Wish wish = new Wish("web", Local.plain(new HostPort("localhost", localPort)), protocol, "", 0, EdgeOptions.NONE);
        TunnelClient client = world.closing(new TunnelClient(
                new ClientSettings(server.joinString(), false, wish), new Watchers(this, capture)));
        Thread.ofVirtual().name("client-under-test").start(() -> {
            try {
                client.run();
            } catch (RefusedException | IOException e) {
                throw new IllegalStateException(e);
            }
        });
        return ready.take();
    }

    private static int port(Shown tunnel) {
        return Integer.parseInt(tunnel.urls().getLast().replaceAll(".*:(\\d+)$", "$1"));
    }

    private Detail over(long id) {
        await().atMost(World.PATIENCE)
                .until(() -> isOver(told.get(id)));
        return Objects.requireNonNull(store.get(id)).detail();
    }

    private static boolean isOver(@Nullable Exchange exchange) {
        return exchange != null && exchange.state() != Exchange.State.RUNNING;
    }

    @Test
    void eachRequestIsSeenWithItsTimesThoughConnectionsAreKept() throws Exception {
        Shown tunnel = tunnel(world.closing(HttpOrigin.naming()).port(), TunnelProtocol.HTTP);
        try (Peer visitor = Peer.visiting(port(tunnel))) {
            for (String path : List.of("/one", "/two?x=y")) {
                HttpAnswer.read(visitor.send(HttpAnswer.get("localhost:" + port(tunnel), path)));
            }
        }

        assertThat(over(1).exchange())
                .returns("web", Exchange::tunnel)
                .returns("/one", Exchange::path)
                .returns(200, Exchange::status)
                .returns("127.0.0.1", Exchange::visitor)
                .returns(Exchange.State.COMPLETE, Exchange::state);
        assertThat(over(1).timings().edge()).isBetween(1L, 20_000_000L);
        assertThat(over(1).timings().queue()).isPositive();
        assertThat(over(2).exchange().path()).isEqualTo("/two?x=y");
        assertThat(over(2).timings().edge()).isNull();
        assertThat(Objects.requireNonNull(over(2).response()).body().kept()).asString().isEqualTo("1 /two?x=y");
    }

    @Test
    void aRequestThatTheLocalServiceRefusesIsSeenWithTheReason() throws Exception {
        try (ClosedPort closed = new ClosedPort()) {
            Shown tunnel = tunnel(closed.number(), TunnelProtocol.HTTP);
            try (Peer visitor = Peer.visiting(port(tunnel))) {
                assertThat(HttpAnswer.read(visitor.send(HttpAnswer.get("localhost:" + port(tunnel), "/down"))).status())
                        .isEqualTo(502);
            }

            assertThat(over(1).exchange())
                    .returns("/down", Exchange::path)
                    .returns(0, Exchange::status)
                    .returns(Exchange.State.FAILED, Exchange::state)
                    .satisfies(one -> assertThat(one.failure()).contains("connection refused"));
        }
    }

    @Test
    void whoBreaksOffIsToldApart() throws Exception {
        Origin origin = world.closing(Origin.serving(connection -> {
            String head = connection.head();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
            if (head.startsWith("GET /stays")) {
                connection.head(); // until it is gone
            }
        }));
        Shown tunnel = tunnel(origin.port(), TunnelProtocol.HTTP);
        try (Peer visitor = Peer.visiting(port(tunnel))) {
            visitor.send(HttpAnswer.get("localhost:" + port(tunnel), "/breaks"));
            over(1);
        }
        try (Peer visitor = Peer.visiting(port(tunnel))) {
            visitor.send(HttpAnswer.get("localhost:" + port(tunnel), "/stays")).head();
            visitor.reset();
        }

        assertThat(over(1).exchange().failure()).isEqualTo("the local service broke off its answer");
        assertThat(over(2).exchange().failure()).isEqualTo("the visitor went away");
    }

    @Test
    void aTcpConnectionIsCounted() throws Exception {
        Shown tunnel = tunnel(world.closing(Origin.echo()).port(), TunnelProtocol.TCP);
        try (Peer visitor = Peer.visiting(port(tunnel))) {
            visitor.send("hello");
            visitor.read(5);
        }

        assertThat(over(1).exchange())
                .returns(Exchange.Kind.TCP, Exchange::kind)
                .returns(5L, Exchange::requestBytes)
                .returns(5L, Exchange::responseBytes)
                .returns(Exchange.State.COMPLETE, Exchange::state);
    }
}
