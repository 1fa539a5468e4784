package tunnel.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import tunnel.fixture.LeakCheck;
import tunnel.fixture.LogLines;
import tunnel.server.TunnelServer;
import tunnel.server.admin.AdminClient;

/// One server takes the place of another on the same ports, with its state, its clients and its visitors.
@ExtendWith(LeakCheck.class)
@Timeout(90)
class TakeOverTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private World world;
    private HttpOrigin origin;
    private final CountDownLatch goOn = new CountDownLatch(1);

    @BeforeEach
    void start() throws Exception {
        world = new World();
        origin = world.closing(HttpOrigin.answering((request, to) -> {
            if (request.target().equals("/slow")) {
                to.send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhal");
                goOn.await();
                to.send("ves");
            } else {
                to.send(HttpAnswer.ok(request.target()));
            }
        }));
    }

    @AfterEach
    void close() throws Exception {
        goOn.countDown();
        world.close();
    }

    private static void leave(TunnelServer before) throws InterruptedException {
        before.awaitSuccessor();
        before.drain(LONG);
        before.close();
    }

    private static HttpAnswer get(int port, String target) throws IOException {
        try (Peer visitor = Peer.visiting(port)) {
            return HttpAnswer.read(visitor.send(HttpAnswer.get(Scene.NAME + ".localhost:" + port, target)));
        }
    }

    @Test
    void noVisitorNoticesThatAnotherServerTookOver() throws Exception {
        TunnelServer first = world.server();
        World.Client client = world.http(first, origin.port(), Scene.NAME);
        List<String> lines = client.lines();
        int port = first.httpPort();
        try (Visitors byName = new Visitors(() -> Visit.byName(port, Scene.NAME, "/name"));
                Visitors byPort = new Visitors(() -> Visit.byPort(client.port(), "/port"))) {
            byName.awaitMore(20);
            TunnelServer second = world.successor();
            assertThat(second.httpPort()).isEqualTo(port);
            assertThat(second.controlPort()).isEqualTo(first.controlPort());
            byName.awaitMore(20);
            leave(first);
            byName.awaitMore(20);
            byPort.awaitMore(20);

            assertThat(byName.failures()).isEmpty();
            assertThat(byPort.failures()).isEmpty();
        }
        assertThat(client.lines()).isEqualTo(lines);
        assertThat(client.end()).isNotDone();
    }

    @Test
    void aRequestUnderWayIsAnsweredByTheServerThatBeganIt() throws Exception {
        TunnelServer first = world.server();
        world.http(first, origin.port(), Scene.NAME);
        try (Peer visitor = Peer.visiting(first.httpPort())) {
            visitor.send(HttpAnswer.get(Scene.NAME + ".localhost:" + first.httpPort(), "/slow"));
            origin.next();
            TunnelServer second = world.successor();
            Thread leaving = Thread.ofVirtual().start(() -> {
                try {
                    leave(first);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            assertThat(get(second.httpPort(), "/new").text()).isEqualTo("/new");
            assertThat(leaving.isAlive()).isTrue();

            goOn.countDown();
            assertThat(HttpAnswer.read(visitor).text()).isEqualTo("halves");
            leaving.join();
        }
    }

    @Test
    void serversTakeOverOneAfterTheOther() throws Exception {
        TunnelServer before = world.server();
        World.Client client = world.http(before, origin.port(), Scene.NAME);
        for (int i = 0; i < 4; i++) {
            TunnelServer next = world.successor();
            leave(before);
            before = next;
            assertThat(get(next.httpPort(), "/" + i).text()).isEqualTo("/" + i);
            assertThat(Visit.byPort(client.port(), "/").status()).isEqualTo(200);
        }
        assertThat(client.end()).isNotDone();
    }

    @Test
    void whereTheOtherOneComesToNothingTheServerGoesOn() throws Exception {
        try (LogLines log = new LogLines(Level.INFO)) {
            TunnelServer server = world.server();
            World.Client before = world.http(server, origin.port(), "earlier");
            for (int times = 1; times <= 2; times++) {
                try (AdminClient other = AdminClient.connect(world.stateDirectory())) {
                    assertThat(other).isNotNull();
                    other.begin(List.of("take-over"));
                    assertThat(other.hear()).containsExactly("" + server.controlPort(), "" + server.httpPort(), "1");
                    assertThatThrownBy(() -> Peer.visiting(server.controlPort())).isInstanceOf(IOException.class);
                    if (times == 2) {
                        other.say(List.of("clients"));
                        assertThat(other.hear()).containsExactly("clients");
                    }
                }
                int expected = times;
                await().atMost(World.PATIENCE).until(() -> log.with("this one goes on").size() == expected);
            }
            World.Client client = world.http(server, origin.port(), Scene.NAME);
            assertThat(get(server.httpPort(), "/on").text()).isEqualTo("/on");
            assertThat(Files.readString(world.stateDirectory().resolve("leases"))).contains(" name " + Scene.NAME + "\n");
            assertThatThrownBy(world::server)
                    .hasMessageContaining("another tunnel-server, process " + ProcessHandle.current().pid() + ", uses");
            assertThat(client.end()).isNotDone();
            await().atMost(World.PATIENCE) // it was told to look for another one
                    .until(() -> Visit.byName(server.httpPort(), "earlier", "/").status() == 200);
            assertThat(before.end()).isNotDone();
        }
    }

    @Test
    void whereNoServerRunsItStartsAsUsual() throws Exception {
        TunnelServer server = world.successor();
        world.http(server, origin.port(), Scene.NAME);
        assertThat(get(server.httpPort(), "/").status()).isEqualTo(200);
    }
}
