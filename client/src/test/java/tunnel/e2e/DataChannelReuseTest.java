package tunnel.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tunnel.fixture.LeakCheck;
import tunnel.protocol.TunnelProtocol;
import tunnel.server.TunnelServer;
import tunnel.server.registry.Limits;

@ExtendWith(LeakCheck.class)
class DataChannelReuseTest {
    private static final int BURST = 300;

    @Test
    void aThousandVisitorsInTurnAreServedOnAHandfulOfDataChannels() throws Exception {
        try (World world = new World();
                Origin echo = Origin.echo()) {
            TunnelServer server = world.server();
            CountingLink link = world.closing(new CountingLink(server));
            World.Client client = world.client(link.joinString(), echo.port(), TunnelProtocol.TCP, "").ready();
            inTurn(1000, client.port());

            assertThat(link.dataChannels()).isLessThanOrEqualTo(Limits.DEFAULT.channels().idleAtRest() + 2);
        }
    }

    private static void inTurn(int visitors, int port) throws Exception {
        for (int i = 0; i < visitors; i++) {
            try (Peer visitor = Peer.visiting(port)) {
                visitor.send("visitor " + i).end();
                assertThat(visitor.readAll()).asString().isEqualTo("visitor " + i);
            }
        }
    }

    @Test
    void aDataChannelOutlivesTheStreamThatIsResetOnIt() throws Exception {
        CountDownLatch resets = new CountDownLatch(100); // that the local service is to see before it is closed
        try (World world = new World();
                Origin origin = Origin.serving(visitor -> {
                    if (visitor.read() == 'S') {
                        visitor.reset();
                    } else {
                        visitor.send("V");
                        assertThat(visitor.seesReset()).isTrue();
                        resets.countDown();
                    }
                })) {
            TunnelServer server = world.server();
            CountingLink link = world.closing(new CountingLink(server));
            World.Client client = world.client(link.joinString(), origin.port(), TunnelProtocol.TCP, "").ready();
            for (int i = 0; i < 200; i++) {
                try (Peer visitor = Peer.visiting(client.port())) {
                    visitor.send(i % 2 == 0 ? "S" : "V");
                    if (i % 2 == 0) {
                        assertThat(visitor.seesReset()).isTrue();
                    } else {
                        assertThat(visitor.read()).isEqualTo('V');
                        visitor.reset();
                    }
                }
            }

            assertThat(resets.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(link.dataChannels()).isLessThanOrEqualTo(Limits.DEFAULT.channels().idleAtRest() + 3);
        }
    }

    @Test
    void aBurstOpensOneDataChannelForEachAndTheNextBurstHardlyAny() throws Exception {
        CyclicBarrier allThere = new CyclicBarrier(BURST);
        CountDownLatch counted = new CountDownLatch(1);
        try (World world = new World();
                Origin origin = Origin.serving(visitor -> {
                    allThere.await(20, TimeUnit.SECONDS);
                    counted.await();
                    Origin.echo(visitor);
                })) {
            TunnelServer server = world.server(Bounds.patient(), false, 0);
            CountingLink link = world.closing(new CountingLink(server));
            World.Client client = world.client(link.joinString(), origin.port(), TunnelProtocol.TCP, "").ready();

            CompletableFuture<Void> burst = CompletableFuture.runAsync(() -> burstOrFail(client.port()));
            await().atMost(World.PATIENCE).until(() -> link.dataChannels() >= BURST);
            await().atMost(World.PATIENCE)
                    .during(Duration.ofMillis(700)) // while all are there no more are opened but what is kept in reserve
                    .until(() -> link.dataChannels() <= BURST + 2 * Limits.DEFAULT.channels().idleAtRest());
            counted.countDown();
            burst.join();
            int first = link.dataChannels();
            burst(client.port());
            int second = link.dataChannels() - first;

            assertThat(second).isLessThanOrEqualTo(BURST / 5);
        }
    }

    private static void burstOrFail(int port) {
        try {
            burst(port);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static void burst(int port) throws Exception {
        Crowd.of(BURST, i -> {
            try (Peer visitor = Peer.visiting(port)) {
                visitor.send("visitor " + i).end();
                assertThat(visitor.readAll()).asString().isEqualTo("visitor " + i);
            }
        });
    }
}
