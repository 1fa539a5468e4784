package tunnel.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import tunnel.fixture.LeakCheck;
import tunnel.fixture.LogLines;
import tunnel.net.Cidr;
import tunnel.net.LastWords;
import tunnel.server.PublicSettings;
import tunnel.server.TunnelServer;
import tunnel.server.access.AccessLog;

/// How many visitors there may be, and what becomes of the others.
@Timeout(60)
@ExtendWith(LeakCheck.class)
class VisitorLimitsTest {
    private static final int ANY = 1000;

    /// Visitors who hold a connection to the port and say nothing.
    private static List<Peer> silent(World world, int count, int port, String from) throws IOException {
        List<Peer> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(world.closing(Peer.visiting(port, from)));
        }
        return all;
    }

    private static HttpAnswer ask(int port, String from) throws IOException {
        try (Peer visitor = Peer.visiting(port, from)) {
            return HttpAnswer.read(visitor.send(HttpAnswer.get("localhost:" + port, "/")));
        }
    }

    @Test
    void oneMoreThanThereMayBeIsToldSoAtOnceAndThePlaceOfOneWhoLeavesIsFree() throws Exception {
        try (World world = new World()) {
            int port = world.server(Bounds.visitors(3, ANY, ANY), false, 0).httpPort();
            List<Peer> there = silent(world, 3, port, "127.0.0.1");
            try (Peer visitor = Peer.visiting(port, "127.0.0.2")) { // says nothing
                HttpAnswer answer = HttpAnswer.read(visitor);
                assertThat(answer.status()).isEqualTo(503);
                assertThat(answer.head()).contains("\r\nretry-after: ", "\r\nconnection: close\r\n");
                assertThat(answer.text()).contains("The server is full");
                assertThat(visitor.read()).isEqualTo(-1);
            }
            there.getFirst().leave();
            await().until(() -> ask(port, "127.0.0.2").status() == 200);
        }
    }

    @Test
    void oneMoreThanItsAddressMayHaveIsToldSoWhileOthersAreServed() throws Exception {
        try (World world = new World();
                LogLines log = new LogLines(Level.WARN)) {
            int port = world.server(Bounds.visitors(ANY, 2, ANY), false, 0).httpPort();
            silent(world, 2, port, "127.0.0.2");
            HttpAnswer answer = ask(port, "127.0.0.2");
            assertThat(answer.status()).isEqualTo(429);
            assertThat(answer.head()).contains("\r\nretry-after: 1\r\n", "\r\nconnection: close\r\n");
            assertThat(ask(port, "127.0.0.3").status()).isEqualTo(200);
            await().until(() -> log.all().size() == 1);
            assertThat(log.all()).singleElement().asString().endsWith("port " + port
                    + ": a visitor from 127.0.0.2 was refused: its address has 2, as many as one may have"
                    + " (--max-visitors-per-address)");
        }
    }

    @Test
    void aTrustedProxyBringsAsManyAsItLikes() throws Exception {
        PublicSettings settings =
                new PublicSettings(AccessLog.Settings.OFF, List.of(Cidr.parse("127.0.0.2")), null);
        try (World world = new World()) {
            int port = world.server(Bounds.visitors(ANY, 2, ANY), settings).httpPort();
            silent(world, 20, port, "127.0.0.2");
            assertThat(ask(port, "127.0.0.2").status()).isEqualTo(200);
        }
    }

    @Test
    void aFullTcpTunnelClosesOneMoreAtOnceAndServesThoseWhoAreThere() throws Exception {
        try (World world = new World();
                Origin echo = Origin.echo()) {
            TunnelServer server = world.server(Bounds.visitors(ANY, ANY, 2), false, 0);
            World.Client client = world.tcp(server, echo.port());
            World.Client other = world.tcp(server, echo.port());
            List<Peer> there = silent(world, 2, client.port(), "127.0.0.1");
            for (Peer one : there) {
                assertThat(one.send("a").read()).isEqualTo('a');
            }
            try (Peer more = Peer.visiting(client.port(), "127.0.0.1")) {
                assertThat(more.read()).isEqualTo(-1);
            }
            for (Peer one : there) {
                assertThat(one.send("b").read()).isEqualTo('b');
            }
            try (Peer elsewhere = Peer.visiting(other.port(), "127.0.0.1")) {
                assertThat(elsewhere.send("c").read()).isEqualTo('c');
            }
        }
    }

    @Test
    void aFullHttpTunnelRefusesOneMoreRequestAndOtherTunnelsDoNot() throws Exception {
        CountDownLatch arrived = new CountDownLatch(2);
        CompletableFuture<Void> go = new CompletableFuture<>();
        try (World world = new World();
                HttpOrigin origin = HttpOrigin.answering((request, to) -> {
                    if (request.target().equals("/slow")) {
                        arrived.countDown();
                        go.get();
                    }
                    to.send(HttpAnswer.ok("done"));
                })) {
            TunnelServer server = world.server(Bounds.visitors(ANY, ANY, 2), false, 0);
            String host = world.http(server, origin.port(), "blue-otter").name() + ".localhost";
            String other = world.http(server, origin.port(), "red-fox").name() + ".localhost";
            List<Peer> slow = silent(world, 2, server.httpPort(), "127.0.0.1");
            for (Peer one : slow) {
                one.send(HttpAnswer.get(host, "/slow"));
            }
            arrived.await();
            try (Peer more = Peer.visiting(server.httpPort(), "127.0.0.1");
                    Peer elsewhere = Peer.visiting(server.httpPort(), "127.0.0.1")) {
                HttpAnswer answer = HttpAnswer.read(more.send(HttpAnswer.get(host, "/")));
                assertThat(answer.status()).isEqualTo(503);
                assertThat(answer.head()).contains("\r\nretry-after: ");
                assertThat(answer.text()).contains("This tunnel is full");
                assertThat(HttpAnswer.read(elsewhere.send(HttpAnswer.get(other, "/"))).status()).isEqualTo(200);
            }
            go.complete(null);
            for (Peer one : slow) {
                assertThat(HttpAnswer.read(one).text()).isEqualTo("done");
                assertThat(HttpAnswer.read(one.send(HttpAnswer.get(host, "/"))).text()).isEqualTo("done");
            }
        }
    }

    @Test
    void aFloodIsNeitherServedNorKeptNorLoggedOneByOne() throws Exception {
        int flood = 5 * LastWords.MOST;
        try (World world = new World();
                LogLines log = new LogLines(Level.WARN)) {
            int port = world.server(Bounds.visitors(ANY, 1, ANY), false, 0).httpPort();
            silent(world, 1, port, "127.0.0.2");
            List<Peer> refused = silent(world, flood, port, "127.0.0.2"); // who read nothing and stay
            for (Peer one : refused) {
                assertThat(one.seesEnd()).isTrue();
            }
            assertThat(ask(port, "127.0.0.3").status()).isEqualTo(200);
            assertThat(log.all()).hasSizeLessThan(20);
            await().until(() -> CountedLines.sum(log.all()) == flood);
        }
    }
}
