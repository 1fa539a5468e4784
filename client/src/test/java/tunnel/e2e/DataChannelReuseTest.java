package tunnel.e2e;

import static org.assertj.core.api.Assertions.assertThat;

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

            assertThat(link.dataChannels()).isLessThanOrEqualTo(Limits.DEFAULT.idleAtRest() + 2);
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
    void aBurstOpensOneDataChannelForEachAndTheNextBurstHardlyAny() throws Exception {
        CyclicBarrier allThere = new CyclicBarrier(BURST);
        try (World world = new World();
                Origin origin = Origin.serving(visitor -> {
                    allThere.await(20, TimeUnit.SECONDS);
                    Origin.echo(visitor);
                })) {
            TunnelServer server = world.server(Bounds.patient(), false, 0);
            CountingLink link = world.closing(new CountingLink(server));
            World.Client client = world.client(link.joinString(), origin.port(), TunnelProtocol.TCP, "").ready();

            burst(client.port());
            int first = link.dataChannels();
            burst(client.port());
            int second = link.dataChannels() - first;

            assertThat(first).isBetween(BURST, BURST + BURST / 3);
            assertThat(second).isLessThanOrEqualTo(10);
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
