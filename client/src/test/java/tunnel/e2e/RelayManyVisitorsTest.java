package tunnel.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tunnel.fixture.LeakCheck;
import tunnel.protocol.TunnelProtocol;
import tunnel.server.TunnelServer;

@ExtendWith(LeakCheck.class)
class RelayManyVisitorsTest {
    private static final int VISITORS = 200;
    private static final int LARGEST_BODY = 200_000;

    @Test
    void eachOfThreeNamesLeadsToItsOwnServiceByNameAndByPort() throws Exception {
        try (World world = new World()) {
            TunnelServer server = world.server();
            List<String> names = List.of("blue-otter", "red-fox", "grey-heron");
            List<World.Client> clients = new ArrayList<>();
            for (String name : names) {
                Origin origin = world.closing(Origin.serving(visitor -> {
                    visitor.head();
                    visitor.send(HttpAnswer.ok("I am " + name));
                }));
                clients.add(world.client(server.joinString(), origin.port(), TunnelProtocol.HTTP, name));
            }
            clients.forEach(World.Client::ready);

            Crowd.of(30, i -> {
                String name = names.get(i % 3);
                String host = name + ".localhost:" + server.httpPort();
                assertThat(answer(server.httpPort(), host)).isEqualTo("I am " + name);
                int port = clients.get(i % 3).port();
                assertThat(answer(port, "localhost:" + port)).isEqualTo("I am " + name);
            });
        }
    }

    private static String answer(int port, String host) throws Exception {
        try (Peer visitor = Peer.visiting(port)) {
            visitor.send(HttpAnswer.get(host, "/"));
            return HttpAnswer.read(visitor).text();
        }
    }

    @ParameterizedTest(name = "plain: {0}")
    @ValueSource(booleans = {false, true})
    void everyVisitorAtOnceGetsItsOwnBytesBack(boolean plain) throws Exception {
        try (World world = new World();
                Origin echo = Origin.echo()) {
            TunnelServer server = world.server(Bounds.patient(), plain, 0);
            World.Client client =
                    world.client(server.joinString(), plain, echo.port(), TunnelProtocol.TCP, "").ready();

            Crowd.of(VISITORS, i -> {
                byte[] body = bytes(i);
                try (Peer visitor = Peer.visiting(client.port())) {
                    CompletableFuture<Void> sent = visitor.sending(body).thenRun(() -> end(visitor));
                    assertThat(visitor.readAll()).isEqualTo(body);
                    sent.join();
                }
            });
        }
    }

    private static byte[] bytes(int seed) {
        Random random = new Random(seed);
        byte[] bytes = new byte[random.nextInt(LARGEST_BODY)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static void end(Peer visitor) {
        try {
            visitor.end();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @ParameterizedTest(name = "plain: {0}")
    @ValueSource(booleans = {false, true})
    void everyRequestAtOnceGetsItsOwnBodyBack(boolean plain) throws Exception {
        try (World world = new World();
                Origin origin = Origin.serving(visitor ->
                        visitor.send(HttpAnswer.ok(visitor.read(HttpAnswer.length(visitor.head())))))) {
            TunnelServer server = world.server(Bounds.patient(), plain, 0);
            world.client(server.joinString(), plain, origin.port(), TunnelProtocol.HTTP, "blue-otter").ready();
            String host = "blue-otter.localhost:" + server.httpPort();

            Crowd.of(VISITORS, i -> {
                byte[] body = bytes(i);
                try (Peer visitor = Peer.visiting(server.httpPort())) {
                    visitor.send(HttpAnswer.post(host, "/" + i, body.length)).send(body);
                    assertThat(HttpAnswer.read(visitor).bytes()).isEqualTo(body);
                }
            });
        }
    }
}
