package tunnel.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import tunnel.fixture.LeakCheck;
import tunnel.protocol.Frame;
import tunnel.server.TunnelServer;
import tunnel.server.registry.Limits;

/// Who does not read, says nothing, or stays for too long.
@Timeout(60)
@ExtendWith(LeakCheck.class)
class VisitorStallTest {
    private static final Duration STALLED = Duration.ofSeconds(1);
    private static final int MORE_THAN_ALL_BUFFERS = 64 << 20;

    private static final byte[] MUCH = new byte[MORE_THAN_ALL_BUFFERS];

    private static Limits impatient() {
        return Bounds.patient().with(Bounds.stalled(STALLED));
    }

    private static Limits streams(Duration silence, Duration lifetime) {
        Limits.Streams usual = Bounds.patient().streams();
        return Bounds.patient()
                .with(new Limits.Streams(usual.accept(), usual.attempt(), usual.opened(), silence, lifetime));
    }

    @Test
    void visitorsOfATcpTunnelThatNeverReadAreGivenUp() throws Exception {
        int visitors = 50;
        AtomicInteger broken = new AtomicInteger();
        try (World world = new World();
                Origin origin = Origin.serving(to -> {
                    try {
                        to.send(MUCH);
                    } catch (IOException e) {
                        broken.incrementAndGet();
                    }
                })) {
            World.Client client = world.tcp(world.server(impatient(), false, 0), origin.port());
            List<Peer> all = new ArrayList<>();
            for (int i = 0; i < visitors; i++) {
                all.add(world.closing(Peer.visiting(client.port(), "127.0.0.2")));
            }
            await().atMost(Duration.ofSeconds(40)).until(() -> broken.get() == visitors);
            await().until(() -> LeakCheck.threads().stream().noneMatch(name -> name.startsWith("visitor-")));
            for (Peer one : all) {
                assertThat(one.seesEnd()).isTrue();
            }
        }
    }

    @Test
    void aSlowReaderStays() throws Exception {
        int megabytes = 32;
        try (World world = new World();
                Origin origin = Origin.serving(to -> to.send(MUCH, 0, megabytes << 20))) {
            World.Client client = world.tcp(world.server(impatient(), false, 0), origin.port());
            try (Peer visitor = Peer.visiting(client.port())) {
                Stopwatch sinceBegin = new Stopwatch();
                for (int i = 0; i < megabytes; i++) {
                    Duration turn = STALLED.multipliedBy(4).dividedBy(megabytes).multipliedBy(i);
                    await().pollInterval(Duration.ofMillis(5)).until(() -> sinceBegin.elapsed().compareTo(turn) > 0);
                    assertThat(visitor.read(1 << 20)).hasSize(1 << 20);
                }
                assertThat(visitor.read()).isEqualTo(-1);
                assertThat(sinceBegin.elapsed()).isGreaterThan(STALLED.multipliedBy(3));
            }
        }
    }

    @Test
    void aTcpConnectionOnWhichNothingGoesEndsAndOneThatIsInUseDoesNot() throws Exception {
        try (World world = new World();
                Origin echo = Origin.echo()) {
            World.Client client =
                    world.tcp(world.server(streams(Duration.ofSeconds(2), Duration.ZERO), false, 0), echo.port());
            try (Peer silent = Peer.visiting(client.port());
                    Peer talking = Peer.visiting(client.port())) {
                CompletableFuture<Boolean> ended = new CompletableFuture<>();
                Thread.ofVirtual().start(() -> ended.complete(end(silent)));
                while (!ended.isDone()) {
                    assertThat(talking.send("a").read()).isEqualTo('a');
                }
                assertThat(ended.get()).isTrue();
                assertThat(talking.send("b").read()).isEqualTo('b');
            }
        }
    }

    private static boolean end(Peer peer) {
        try {
            return peer.seesEnd();
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void nothingOutlivesTheLifetimeThatTheOperatorChose() throws Exception {
        try (World world = new World();
                Origin echo = Origin.echo();
                HttpOrigin http = HttpOrigin.answering((request, to) -> {
                    if (request.target().equals("/endless")) {
                        to.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nand so on");
                        to.readAll();
                    } else if (request.target().equals("/never")) {
                        to.readAll();
                    } else {
                        to.send(HttpAnswer.ok("soon"));
                    }
                })) {
            TunnelServer server = world.server(streams(Duration.ofHours(1), Duration.ofSeconds(2)), false, 0);
            World.Client tcp = world.tcp(server, echo.port());
            String host = world.http(server, http.port(), "blue-otter").name() + ".localhost";
            try (Peer talking = Peer.visiting(tcp.port());
                    Peer endless = Peer.visiting(server.httpPort());
                    Peer never = Peer.visiting(server.httpPort());
                    Peer kept = Peer.visiting(server.httpPort())) {
                endless.send(HttpAnswer.get(host, "/endless")).head();
                never.send(HttpAnswer.get(host, "/never"));
                boolean[] over = {false};
                Stopwatch sinceBegin = new Stopwatch();
                while (!over[0]) {
                    over[0] = !echoes(talking);
                    assertThat(HttpAnswer.read(kept.send(HttpAnswer.get(host, "/"))).text()).isEqualTo("soon");
                }
                assertThat(sinceBegin.elapsed()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(20));
                assertThat(endless.seesReset()).isTrue();
                assertThat(HttpAnswer.read(never).status()).isEqualTo(504);
                assertThat(HttpAnswer.read(kept.send(HttpAnswer.get(host, "/"))).text())
                        .as("each exchange begins anew")
                        .isEqualTo("soon");
            }
        }
    }

    private static boolean echoes(Peer talking) {
        try {
            return talking.send("a").read() == 'a';
        } catch (IOException e) {
            return false;
        }
    }

    /// A session whose client has accepted an upload and reads nothing of it.
    private record Unread(
            TunnelServer server, RawClient control, RawClient data, long stream, CompletableFuture<Void> sending) {
        static Unread in(World world, Limits limits) throws IOException {
            TunnelServer server = world.server(limits, false, 0);
            RawClient control = world.closing(RawClient.connect(server.controlPort(), false));
            RawClient data = world.closing(RawClient.connect(server.controlPort(), false));
            RawClient.Stay stay = control.login(server.joinString().token());
            control.askFor(1, "blue-otter");
            control.tunnelAnswer();
            control.send(new Frame.Ack(1));
            control.read(Frame.Ready.class);
            data.attach(stay);
            Peer visitor = world.closing(Peer.visiting(server.httpPort()));
            var sending = visitor.send(HttpAnswer.post("blue-otter.localhost", "/", MORE_THAN_ALL_BUFFERS))
                    .sending(MUCH);
            long stream = data.read(Frame.Open.class).stream();
            data.send(new Frame.Accepted(stream));
            data.send(new Frame.Opened(stream));
            return new Unread(server, control, data, stream, sending);
        }
    }

    @Test
    void aClientThatDoesNotReadADataChannelLosesIt() throws Exception {
        Limits.Channels usual = Limits.DEFAULT.channels();
        Limits limits = Quick.limits()
                .with(new Limits.Channels(usual.most(), 1, usual.idleAtMost(), Duration.ofMinutes(1), STALLED))
                .with(Quick.heartbeat(Quick.limits().sessions(), Duration.ofSeconds(2)));
        try (World world = new World()) {
            Unread unread = Unread.in(world, limits);
            Stopwatch sinceOpened = new Stopwatch();
            List<Frame> told = new ArrayList<>();
            for (long id = 1; !unread.sending.isDone() || !told.contains(new Frame.Reset(unread.stream)); id++) {
                assertThat(sinceOpened.elapsed()).as("until it ends, also at the client, which waits for its local service: " + told)
                        .isLessThan(Duration.ofSeconds(30));
                unread.control.send(new Frame.Ping(id)); // the session is alive all the while
                told.add(unread.control.read());
                await().pollDelay(Duration.ofMillis(200)).until(() -> true);
            }
            assertThat(sinceOpened.elapsed()).isBetween(STALLED, Duration.ofSeconds(30));
            assertThat(unread.sending).isCompletedExceptionally();
        }
    }

    @Test
    void aServerStopsThoughAClientUnderTlsReadsNothing() throws Exception {
        try (World world = new World()) {
            Unread unread = Unread.in(world, Bounds.patient());
            Stopwatch sinceStop = new Stopwatch();
            unread.server.close();
            assertThat(sinceStop.elapsed()).isLessThan(Duration.ofSeconds(5));
        }
    }

    @Test
    void slowHeadsEndInTimeAndOthersAreServedMeanwhile() throws Exception {
        String head = HttpAnswer.get("localhost", "/").replace("\r\n\r\n", "\r\nX: " + "y".repeat(10_000));
        try (World world = new World()) {
            int port = world.server(Bounds.head(Duration.ofSeconds(2)), false, 0).httpPort();
            Stopwatch sinceBegin = new Stopwatch();
            Crowd.of(200, i -> {
                try (Peer slow = Peer.visiting(port, "127.0.0.2")) {
                    dribble(slow, head);
                }
                if (i % 20 == 0) {
                    try (Peer other = Peer.visiting(port)) {
                        assertThat(HttpAnswer.read(other.send(HttpAnswer.get("localhost", "/"))).status()).isEqualTo(200);
                    }
                }
            });
            assertThat(sinceBegin.elapsed()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(25));
        }
    }

    /// Sends a byte now and then, until the connection ends.
    private static void dribble(Peer slow, String text) throws IOException {
        CompletableFuture<Boolean> ended = CompletableFuture.supplyAsync(() -> end(slow), Thread.ofVirtual()::start);
        try {
            for (int i = 0; i < text.length() && !ended.isDone(); i++) {
                slow.send(text.substring(i, i + 1));
                await().pollDelay(Duration.ofMillis(100)).until(() -> true);
            }
        } catch (SocketException broken) {
            // between two bytes
        }
        assertThat(ended).succeedsWithin(1, TimeUnit.SECONDS).isEqualTo(true);
    }
}
