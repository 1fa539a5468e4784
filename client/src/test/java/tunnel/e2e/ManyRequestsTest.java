package tunnel.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tunnel.fixture.LeakCheck;
import tunnel.server.TunnelServer;

/// Each request finds its own way, also the ten-thousandth on its connection.
@ExtendWith(LeakCheck.class)
class ManyRequestsTest {
    private static final int BATCH = 50;

    private World world;
    private TunnelServer server;

    @BeforeEach
    void open() throws Exception {
        world = new World();
        server = world.server();
    }

    @AfterEach
    void close() throws Exception {
        world.close();
    }

    private void tunnel(String name) throws IOException {
        Origin origin = world.closing(Origin.serving(visitor -> {
            while (true) {
                visitor.send(HttpAnswer.ok(name + " " + visitor.head().lines().findFirst().orElse("")));
            }
        }));
        world.http(server, origin.port(), name);
    }

    private static String name(int number) {
        return number % 2 == 0 ? "blue-otter" : "red-fox";
    }

    private static String request(int number) {
        return HttpAnswer.get(name(number) + ".localhost", "/" + number);
    }

    private static void check(Peer visitor, int number) throws IOException {
        assertThat(HttpAnswer.read(visitor).text()).isEqualTo(name(number) + " GET /" + number + " HTTP/1.1");
    }

    @Test
    void tenThousandRequestsForTwoHostsOnOneConnectionAllArriveRight() throws Exception {
        tunnel("blue-otter");
        tunnel("red-fox");
        try (Peer visitor = Peer.visiting(server.httpPort())) {
            for (int i = 0; i < 5000; i++) {
                check(visitor.send(request(i)), i);
            }
            for (int first = 5000; first < 10_000; first += BATCH) {
                StringBuilder batch = new StringBuilder();
                for (int i = first; i < first + BATCH; i++) {
                    batch.append(request(i));
                }
                visitor.send(batch.toString());
                for (int i = first; i < first + BATCH; i++) {
                    check(visitor, i);
                }
            }
        }
    }

    @Test
    void earlyResponsesToUnreadBodiesLeaveNothingBehind() throws Exception {
        Origin origin = world.closing(Origin.serving(visitor -> {
            while (true) { // it keeps its connection, and would take what comes of the body for a request
                String line = visitor.head().lines().findFirst().orElse("");
                visitor.send(HttpAnswer.ok(line.startsWith("POST") ? "early" : line));
            }
        }));
        world.http(server, origin.port(), "blue-otter");
        String host = "blue-otter.localhost";
        for (int i = 0; i < 1000; i++) {
            String head = i % 2 == 0
                    ? HttpAnswer.post(host, "/", 100_000)
                    : "POST / HTTP/1.1\r\nHost: " + host + "\r\nTransfer-Encoding: chunked\r\n\r\n186a0\r\n";
            try (Peer visitor = Peer.visiting(server.httpPort())) {
                HttpAnswer answer = HttpAnswer.read(visitor.send(head + "x".repeat(i % 3 * 10_000 + 10)));
                assertThat(answer.text()).isEqualTo("early");
                assertThat(answer.head()).contains("connection: close");
                assertThat(visitor.read()).isEqualTo(-1);
            }
            try (Peer visitor = Peer.visiting(server.httpPort())) {
                HttpAnswer next = HttpAnswer.read(visitor.send(HttpAnswer.get(host, "/" + i)));
                assertThat(next.text()).isEqualTo("GET /" + i + " HTTP/1.1");
            }
        }
    }
}
