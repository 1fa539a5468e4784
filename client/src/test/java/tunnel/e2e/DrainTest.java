package tunnel.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import tunnel.fixture.LeakCheck;
import tunnel.fixture.LogLines;
import tunnel.server.registry.Limits;

/// A server that is told to stop lets what is under way come to its end.
@ExtendWith(LeakCheck.class)
@Timeout(60)
class DrainTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private static CompletableFuture<Void> drain(HttpScene scene, Duration most) {
        CompletableFuture<Void> drained = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            scene.server().drain(most);
            drained.complete(null);
        });
        return drained;
    }

    private static String connection(HttpAnswer answer) {
        return HttpOrigin.field(answer.head(), "connection");
    }

    @Test
    void aRequestUnderWayIsAnsweredInFullAndNobodyElseGetsIn() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        try (HttpOrigin origin = HttpOrigin.answering((_, to) -> {
                    to.send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhal");
                    goOn.await();
                    to.send("ves");
                });
                HttpScene scene = HttpScene.of(origin.port());
                Peer visitor = scene.visitor()) {
            visitor.send(scene.get("/"));
            origin.next();
            CompletableFuture<Void> drained = drain(scene, LONG);

            await().atMost(World.PATIENCE).untilAsserted(() -> assertThatThrownBy(scene::visitor).isInstanceOf(IOException.class));
            assertThatThrownBy(() -> Peer.visiting(scene.client().port())).isInstanceOf(IOException.class);
            assertThat(drained).isNotDone();
            goOn.countDown();
            assertThat(HttpAnswer.read(visitor).text()).isEqualTo("halves");
            drained.get();
        }
    }

    @Test
    void aKeptConnectionEndsWithItsNextResponse() throws Exception {
        CountDownLatch drains = new CountDownLatch(1);
        try (HttpOrigin origin = HttpOrigin.answering((request, to) -> {
                    if (request.target().equals("/during")) {
                        drains.await();
                    }
                    to.send(HttpAnswer.ok(request.target()));
                });
                HttpScene scene = HttpScene.of(origin.port());
                Peer visitor = scene.visitor()) {
            assertThat(connection(HttpAnswer.read(visitor.send(scene.get("/before"))))).isEqualTo("(none)");
            visitor.send(scene.get("/during"));
            origin.next();
            origin.next();
            CompletableFuture<Void> drained = drain(scene, LONG);
            await().atMost(World.PATIENCE).untilAsserted(() -> assertThatThrownBy(scene::visitor).isInstanceOf(IOException.class));
            drains.countDown();

            HttpAnswer last = HttpAnswer.read(visitor);
            assertThat(last.text()).isEqualTo("/during");
            assertThat(connection(last)).isEqualTo("close");
            assertThat(visitor.read()).isNegative();
            drained.get();
        }
    }

    @Test
    void aKeptConnectionWithoutARequestHoldsNothingUp() throws Exception {
        try (HttpOrigin origin = HttpOrigin.naming();
                HttpScene scene = HttpScene.of(origin.port());
                Peer visitor = scene.visitor()) {
            HttpAnswer.read(visitor.send(scene.get("/")));
            Stopwatch stopwatch = new Stopwatch();

            scene.server().drain(LONG);
            assertThat(visitor.read()).isNegative();
            assertThat(stopwatch.elapsed()).isLessThan(Duration.ofSeconds(10));
        }
    }

    @Test
    void whatHasNotEndedInTimeIsCutOffAndCounted() throws Exception {
        try (LogLines log = new LogLines(Level.INFO);
                World world = new World();
                Origin origin = Origin.echo()) {
            var server = world.server(Limits.DEFAULT, false, 0);
            World.Client client = world.tcp(server, origin.port());
            try (Peer visitor = Peer.visiting(client.port())) {
                visitor.send("hello");
                assertThat(visitor.read()).isEqualTo('h');
                server.drain(Duration.ofMillis(100));
                assertThat(log.with("visitors' connections that have not ended in 0 s and are cut off: 1")).hasSize(1);
                server.close();
                assertThat(visitor.seesReset()).isTrue();
            }
        }
    }

    @Test
    void clientsHearThatTheServerIsAboutToStop() throws Exception {
        try (LogLines log = new LogLines(Level.INFO);
                HttpOrigin origin = HttpOrigin.naming();
                HttpScene scene = HttpScene.of(origin.port())) {
            scene.server().drain(LONG);
            await().atMost(World.PATIENCE).until(() -> !log.with("the server is about to stop: the server stops").isEmpty());
        }
    }
}
