package tunnel.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import tunnel.client.ClientSettings;
import tunnel.fixture.ClosedPort;
import tunnel.fixture.LeakCheck;
import tunnel.fixture.LogLines;
import tunnel.net.HostPort;
import tunnel.protocol.TunnelProtocol;
import tunnel.server.TunnelServer;

/// Visitors of a TCP tunnel that holds them while its local service is down.
@Timeout(60)
@ExtendWith(LeakCheck.class)
class TcpHeldTest {
    private static World.Client client(World world, int localPort, Duration wait) throws Exception {
        TunnelServer server = world.server();
        ClientSettings.Wish wish =
                new ClientSettings.Wish(new HostPort("localhost", localPort), TunnelProtocol.TCP, "", 0);
        return world.client(new ClientSettings(server.joinString(), false, wish.waiting(wait))).ready();
    }

    private static Origin echo(ClosedPort port) throws Exception {
        port.close();
        return Origin.at(port.number(), Origin::echo);
    }

    @Test
    void whatTheVisitorSendsReachesTheAppWhenItIsUp() throws Exception {
        try (LogLines log = new LogLines(Level.INFO);
                World world = new World();
                ClosedPort port = new ClosedPort()) {
            World.Client client = client(world, port.number(), Duration.ofSeconds(20));
            try (Peer visitor = Peer.visiting(client.port())) {
                visitor.send("first");
                await().atMost(World.PATIENCE).until(() -> !log.with("is down").isEmpty());
                visitor.send(", second").end();
                try (Origin _ = echo(port)) {
                    assertThat(new String(visitor.readAll(), ISO_8859_1)).isEqualTo("first, second");
                }
            }
        }
    }

    @Test
    void theConnectionIsBrokenWhenTheTimeIsUp() throws Exception {
        try (World world = new World();
                ClosedPort port = new ClosedPort()) {
            World.Client client = client(world, port.number(), Duration.ofMillis(400));
            Stopwatch sinceVisit = new Stopwatch();
            try (Peer visitor = Peer.visiting(client.port())) {
                visitor.send("hello");
                assertThat(visitor.seesReset()).isTrue();
                assertThat(sinceVisit.elapsed()).isBetween(Duration.ofMillis(400), Duration.ofSeconds(15));
            }
        }
    }
}
