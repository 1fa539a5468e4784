package tunnel.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tunnel.fixture.LeakCheck;
import tunnel.server.TunnelServer;

@ExtendWith(LeakCheck.class)
class RelayHalfCloseTest {
    private static final byte[] MUCH = new byte[4 << 20];

    static {
        new Random(4).nextBytes(MUCH);
    }

    @Test
    void visitorThatHasEndedItsHalfStillGetsTheWholeAnswer() throws Exception {
        try (World world = new World();
                Origin origin = Origin.serving(visitor -> {
                    assertThat(visitor.readAll()).asString().isEqualTo("question");
                    visitor.send(MUCH);
                })) {
            World.Client client = world.tcp(world.server(), origin.port());
            try (Peer visitor = Peer.visiting(client.port())) {
                visitor.send("question").end();

                assertThat(visitor.readAll()).isEqualTo(MUCH);
            }
        }
    }

    @Test
    void halfClosedRequestStillGetsItsWholeResponse() throws Exception {
        try (World world = new World();
                Origin origin = Origin.serving(visitor -> {
                    visitor.head();
                    visitor.send(HttpAnswer.ok(MUCH));
                })) {
            TunnelServer server = world.server();
            world.http(server, origin.port(), "blue-otter");
            try (Peer visitor = Peer.visiting(server.httpPort())) {
                visitor.send(HttpAnswer.get("blue-otter.localhost:" + server.httpPort(), "/")).end();

                assertThat(HttpAnswer.read(visitor).bytes()).isEqualTo(MUCH);
                assertThat(visitor.read()).isEqualTo(-1);
            }
        }
    }

    @Test
    void localServiceThatHasEndedItsHalfStillGetsAllThatIsSent() throws Exception {
        CompletableFuture<byte[]> got = new CompletableFuture<>();
        try (World world = new World();
                Origin origin = Origin.serving(visitor -> {
                    visitor.send("enough").end();
                    got.complete(visitor.readAll());
                })) {
            World.Client client = world.tcp(world.server(), origin.port());
            try (Peer visitor = Peer.visiting(client.port())) {
                assertThat(visitor.readAll()).asString().isEqualTo("enough");
                visitor.send(MUCH).end();

                assertThat(got.get(20, java.util.concurrent.TimeUnit.SECONDS)).isEqualTo(MUCH);
            }
        }
    }

    @Test
    void localServiceThatAnswersEarlyEndsTheUpload() throws Exception {
        CompletableFuture<Boolean> broken = new CompletableFuture<>();
        try (World world = new World();
                Origin origin = Origin.serving(visitor -> {
                    visitor.head();
                    visitor.send(HttpAnswer.ok("early"));
                    broken.complete(visitor.seesReset());
                })) {
            TunnelServer server = world.server();
            world.http(server, origin.port(), "blue-otter");
            try (Peer visitor = Peer.visiting(server.httpPort())) {
                visitor.send(HttpAnswer.post("blue-otter.localhost:" + server.httpPort(), "/", MUCH.length));
                HttpAnswer answer = HttpAnswer.read(visitor);
                assertThat(answer.text()).isEqualTo("early");
                assertThat(answer.head()).contains("connection: close");
                assertThat(visitor.read()).isEqualTo(-1);
                assertThat(broken.get(20, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
            }
        }
    }

    @Test
    void streamsThatCarryNothingEndInOrderBothWays() throws Exception {
        try (World world = new World();
                Origin echo = Origin.echo()) {
            World.Client client = world.tcp(world.server(), echo.port());
            for (int i = 0; i < 50; i++) {
                try (Peer visitor = Peer.visiting(client.port())) {
                    assertThat(visitor.end().readAll()).isEmpty();
                }
            }
        }
    }
}
