package tunnel.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import tunnel.fixture.LeakCheck;
import tunnel.fixture.LogLines;
import tunnel.server.TunnelServer;

/// A connection that breaks at one end breaks at the other end too, never ends there as if it were whole, and leaves nothing
/// behind for the visitors after it.
@Timeout(60)
@ExtendWith(LeakCheck.class)
class RelayResetTest {
    private final BlockingQueue<Peer> arrived = new LinkedBlockingQueue<>();
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private World world;
    private World.Client client;
    private LogLines log;

    @BeforeEach
    void start() throws Exception {
        log = new LogLines(Level.DEBUG);
        world = new World();
        TunnelServer server = world.server();
        Origin origin = world.closing(Origin.serving(peer -> {
            if (peer.read() == 'E') {
                Origin.echo(peer);
            } else {
                arrived.add(peer);
                over.get();
            }
        }));
        client = world.tcp(server, origin.port());
    }

    @AfterEach
    void stop() throws Exception {
        over.complete(null);
        world.close();
        log.close();
    }

    /// Both ends of a new stream.
    private record Ends(Peer visitor, Peer service) {}

    private Ends open() throws Exception {
        Peer visitor = world.closing(Peer.visiting(client.port()));
        visitor.send("R");
        Peer service = arrived.poll(20, TimeUnit.SECONDS);
        assertThat(service).isNotNull();
        return new Ends(visitor, java.util.Objects.requireNonNull(service));
    }

    /// A reset does not wait behind `Data` that nobody reads, nor for the data channel to be given up.
    private void assertBrokenBeforeTheChannelWasGivenUp() {
        assertThat(log.with("not over 2 s after it was reset")).isEmpty();
    }

    private void assertNextVisitorsAreServed() throws Exception {
        Crowd.of(8, i -> {
            byte[] body = new byte[100_000 + i];
            new java.util.Random(i).nextBytes(body);
            try (Peer visitor = Peer.visiting(client.port())) {
                visitor.send("E");
                CompletableFuture<Void> sent = visitor.sending(body);
                assertThat(visitor.read(body.length)).isEqualTo(body);
                sent.join();
                assertThat(visitor.end().readAll()).isEmpty();
            }
        });
    }

    @Test
    void visitorsResetReachesTheLocalService() throws Exception {
        Ends ends = open();
        ends.visitor.reset();

        assertThat(ends.service.seesReset()).isTrue();
        assertNextVisitorsAreServed();
    }

    @Test
    void localServicesResetReachesTheVisitor() throws Exception {
        Ends ends = open();
        ends.service.reset();

        assertThat(ends.visitor.seesReset()).isTrue();
        assertNextVisitorsAreServed();
    }

    @Test
    void localServicesResetReachesTheVisitorThatHasEndedItsHalf() throws Exception {
        Ends ends = open();
        ends.visitor.end();
        assertThat(ends.service.read()).isEqualTo(-1);
        ends.service.reset();

        assertThat(ends.visitor.seesReset()).isTrue();
        assertNextVisitorsAreServed();
    }

    @Test
    void visitorsResetReachesTheLocalServiceThatHasEndedItsHalf() throws Exception {
        Ends ends = open();
        ends.service.end();
        assertThat(ends.visitor.read()).isEqualTo(-1);
        ends.visitor.reset();

        assertThat(ends.service.seesReset()).isTrue();
        assertNextVisitorsAreServed();
    }

    @Test
    void visitorsResetReachesTheLocalServiceThatSendsOnAfterTheVisitorsEnd() throws Exception {
        Ends ends = open();
        ends.visitor.end();
        assertThat(ends.service.read()).isEqualTo(-1);
        ends.visitor.reset();

        await().atMost(World.PATIENCE).pollInterval(Duration.ofMillis(5)).until(() -> isBroken(ends.service));
        assertNextVisitorsAreServed();
    }

    private static boolean isBroken(Peer peer) {
        try {
            peer.send("more");
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void visitorsResetIsSeenWhenBothDirectionsAreBlocked() throws Exception {
        Ends ends = open();
        Filling up = new Filling(ends.visitor);
        Filling down = new Filling(ends.service);
        up.awaitBlocked();
        down.awaitBlocked();
        ends.visitor.reset();

        down.awaitBroken();
        up.awaitBroken();
        assertBrokenBeforeTheChannelWasGivenUp();
        assertNextVisitorsAreServed();
    }

    @Test
    void localServicesResetIsSeenWhenBothDirectionsAreBlocked() throws Exception {
        Ends ends = open();
        Filling up = new Filling(ends.visitor);
        Filling down = new Filling(ends.service);
        up.awaitBlocked();
        down.awaitBlocked();
        ends.service.reset();

        up.awaitBroken();
        down.awaitBroken();
        assertBrokenBeforeTheChannelWasGivenUp();
        assertNextVisitorsAreServed();
    }

    @Test
    void downloadThatIsBlockedIsResetWithTheVisitor() throws Exception {
        Ends ends = open();
        Filling down = new Filling(ends.service);
        down.awaitBlocked();
        ends.visitor.reset();

        down.awaitBroken();
        assertBrokenBeforeTheChannelWasGivenUp();
        assertNextVisitorsAreServed();
    }

    @Test
    void uploadThatIsBlockedIsResetWithTheLocalService() throws Exception {
        Ends ends = open();
        Filling up = new Filling(ends.visitor);
        up.awaitBlocked();
        ends.service.reset();

        up.awaitBroken();
        assertBrokenBeforeTheChannelWasGivenUp();
        assertNextVisitorsAreServed();
    }

    @Test
    void uploadThatTheVisitorBreaksOffNeverLooksWhole() throws Exception {
        Ends ends = open();
        Filling up = new Filling(ends.visitor);
        up.awaitBlocked();
        ends.visitor.reset();
        up.awaitBroken();

        assertThat(ends.service.seesReset()).isTrue();
        assertNextVisitorsAreServed();
    }

    @Test
    void downloadThatTheLocalServiceBreaksOffNeverLooksWhole() throws Exception {
        Ends ends = open();
        Filling down = new Filling(ends.service);
        down.awaitBlocked();
        ends.service.reset();
        down.awaitBroken();

        assertThat(ends.visitor.seesReset()).isTrue();
        assertNextVisitorsAreServed();
    }

    @Test
    void endThatCrossesAResetLeavesTheDataChannelClean() throws Exception {
        for (int i = 0; i < 100; i++) {
            Ends ends = open();
            boolean visitorBreaks = i % 2 == 0;
            Peer breaks = visitorBreaks ? ends.visitor : ends.service;
            Peer other = visitorBreaks ? ends.service : ends.visitor;
            Crowd.of(2, which -> {
                if (which == 0) {
                    endIfItCan(other);
                } else {
                    breaks.reset();
                }
            });
            try (Peer visitor = Peer.visiting(client.port())) {
                visitor.send("Eround " + i).end();
                assertThat(visitor.readAll()).asString().isEqualTo("round " + i);
            }
        }
    }

    private static void endIfItCan(Peer peer) {
        try {
            peer.send("last words").end();
        } catch (IOException e) {
            // the reset was faster
        }
    }

    /// Sends without end, until nothing more is taken or the connection breaks.
    private static final class Filling {
        private final AtomicLong sent = new AtomicLong();
        private final CompletableFuture<Void> broken = new CompletableFuture<>();

        Filling(Peer peer) {
            Thread.ofVirtual().name("peer-fills").start(() -> {
                byte[] some = new byte[32 << 10];
                try {
                    while (true) {
                        peer.send(some);
                        sent.addAndGet(some.length);
                    }
                } catch (IOException e) {
                    broken.complete(null);
                }
            });
        }

        /// Until nothing was taken for a while.
        void awaitBlocked() {
            await().atMost(World.PATIENCE)
                    .pollInterval(Duration.ofMillis(200))
                    .until(new java.util.concurrent.Callable<>() {
                        private @Nullable Long last;

                        @Override
                        public Boolean call() {
                            Long before = last;
                            last = sent.get();
                            return last.equals(before);
                        }
                    });
        }

        void awaitBroken() throws Exception {
            broken.get(20, TimeUnit.SECONDS);
        }
    }
}
