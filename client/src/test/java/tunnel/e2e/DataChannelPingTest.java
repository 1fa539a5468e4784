package tunnel.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import tunnel.fixture.LeakCheck;
import tunnel.protocol.Frame;
import tunnel.protocol.FrameChannel;
import tunnel.server.TunnelServer;

@Timeout(60)
@ExtendWith(LeakCheck.class)
class DataChannelPingTest {
    @Test
    void pongThatArrivesInsideAStreamCountsAsAnAnswer() throws Exception {
        try (World world = new World()) {
            TunnelServer server = world.server(Bounds.pinging(Duration.ofMillis(500), 1), true, 0);
            BareClient client = world.closing(new BareClient(server));
            FrameChannel data = client.dataChannel();
            Frame.Ping ping = BareClient.next(data, Frame.Ping.class);
            try (Peer visitor = Peer.visiting(client.port())) {
                visitor.end();
                Frame.Open open = BareClient.next(data, Frame.Open.class);
                data.write(new Frame.Accepted(open.stream()));
                data.write(new Frame.Opened(open.stream()));
                data.write(new Frame.Pong(ping.id()));
                data.write(new Frame.End(open.stream()));
                assertThat(visitor.readAll()).isEmpty();
            }

            Frame.Ping next = BareClient.next(data, Frame.Ping.class);
            assertThat(next.id()).isGreaterThan(ping.id());
            data.write(new Frame.Pong(next.id()));
            assertThat(BareClient.next(data, Frame.Ping.class).id()).isGreaterThan(next.id());
        }
    }
}
