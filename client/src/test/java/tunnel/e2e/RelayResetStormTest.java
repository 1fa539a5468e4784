package tunnel.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tunnel.fixture.LeakCheck;
import tunnel.fixture.LogLines;
import tunnel.protocol.TunnelProtocol;
import tunnel.server.TunnelServer;

/// Hundreds of streams that break at one end or the other at a random point of a random exchange. Whatever arrives has to be
/// the beginning of what was sent, a broken stream never ends as if it were whole, and the exchange that follows on the same
/// data channels is right to the byte.
@Timeout(120)
@ExtendWith(LeakCheck.class)
class RelayResetStormTest {
    private static final int LANES = 4;
    private static final int ROUNDS = 60;
    private static final int HEADER = 5;
    private static final byte[] UP = new byte[1 << 20];
    private static final byte[] DOWN = new byte[1 << 20];

    static {
        new Random(1).nextBytes(UP);
        new Random(2).nextBytes(DOWN);
    }

    /// What one end does.
    ///
    /// @param sends so many bytes, at another place of the pattern each time
    /// @param breaksAfter so many of them, or never where it is over `sends`
    /// @param readsMeanwhile or only when it has sent all
    /// @param ends its half when it has sent all
    private record Side(int from, int sends, int breaksAfter, boolean readsMeanwhile, boolean ends) {
        static Side random(Random random, boolean breaks) {
            int sends = random.nextInt(4) == 0 ? random.nextInt(900_000) : random.nextInt(60_000);
            return new Side(
                    random.nextInt(1000),
                    sends,
                    breaks ? random.nextInt(sends + 1) : Integer.MAX_VALUE,
                    random.nextBoolean(),
                    random.nextBoolean());
        }

        boolean breaks() {
            return breaksAfter <= sends;
        }
    }

    /// One stream: what the visitor does, and what the service.
    private record Plan(Side visitor, Side service, CountDownLatch served) {}

    private final Map<Integer, Plan> plans = new ConcurrentHashMap<>();

    @ParameterizedTest(name = "plain: {0}, seed {1}")
    @CsvSource({"false, 11", "true, 12"})
    void streamsThatBreakAnywhereLeaveTheirDataChannelsInOrder(boolean plain, long seed) throws Exception {
        try (World world = new World();
                Origin origin = Origin.serving(this::serve);
                LogLines log = new LogLines(Level.DEBUG)) {
            TunnelServer server = world.server(Bounds.patient(), plain, 0);
            World.Client client = world.client(server.joinString(), plain, origin.port(), TunnelProtocol.TCP, "")
                    .ready();

            Crowd.of(LANES, lane -> {
                Random random = new Random(seed * LANES + lane);
                for (int round = 0; round < ROUNDS; round++) {
                    int id = lane * ROUNDS + round;
                    try {
                        breakOne(client.port(), id, random);
                        exchange(client.port(), random);
                    } catch (Exception | AssertionError e) {
                        throw new AssertionError("lane " + lane + ", round " + round + ": " + plans.get(id), e);
                    }
                }
            });

            assertThat(log.all()).noneMatch(line -> line.contains(" was lost: ") && line.contains("session"));
            assertThat(log.all()).noneMatch(line -> line.contains(" came on ") || line.contains(" came inside "));
            assertThat(log.all()).noneMatch(line -> line.contains("Data came where") || line.startsWith("ERROR"));
        }
    }

    private void serve(Peer visitor) throws Exception {
        byte[] header = visitor.read(HEADER);
        if (header[0] == 'E') {
            Origin.echo(visitor);
            return;
        }
        Plan plan = java.util.Objects.requireNonNull(plans.get(ByteBuffer.wrap(header).getInt(1)));
        try {
            act(visitor, plan.service, DOWN, UP, plan.visitor);
        } finally {
            plan.served.countDown();
        }
    }

    private void breakOne(int port, int id, Random random) throws Exception {
        int who = random.nextInt(5);
        Plan plan = new Plan(
                Side.random(random, who < 3), Side.random(random, who == 0 || who > 2), new CountDownLatch(1));
        plans.put(id, plan);
        try (Peer visitor = Peer.visiting(port)) {
            visitor.send(ByteBuffer.allocate(HEADER).put((byte) 'R').putInt(id).array());
            act(visitor, plan.visitor, UP, DOWN, plan.service);
        }
        if (!plan.visitor.breaks()) { // else it may have left before the service heard of it
            assertThat(plan.served.await(20, TimeUnit.SECONDS)).as("the service is done").isTrue();
        }
    }

    /// Plays one side to its end, and checks what comes.
    private static void act(Peer peer, Side mine, byte[] sent, byte[] expected, Side other) throws Exception {
        CountDownLatch done = new CountDownLatch(mine.readsMeanwhile ? 2 : 1);
        Crowd.of(3, part -> {
            if (part == 0) {
                boolean whole = send(peer, mine, sent, done);
                if (!mine.readsMeanwhile) {
                    read(peer, mine, expected, other, whole);
                }
            } else if (part == 1 && mine.readsMeanwhile) {
                try {
                    read(peer, mine, expected, other, false);
                } finally {
                    done.countDown();
                }
            } else if (part == 2 && mine.breaks()) {
                var _ = done.await(30, TimeUnit.MILLISECONDS); // sooner or later, blocked or not
                peer.reset();
            }
        });
    }

    /// Whether all was sent.
    private static boolean send(Peer peer, Side mine, byte[] bytes, CountDownLatch done) {
        try {
            int upTo = Math.min(mine.sends, mine.breaksAfter);
            for (int at = 0; at < upTo; ) {
                int length = Math.min(upTo - at, 1 + (at * 31 + 977) % 20_000);
                peer.send(bytes, mine.from + at, length);
                at += length;
            }
            if (!mine.breaks() && mine.ends) {
                peer.end();
            }
            return true;
        } catch (IOException e) {
            return false;
        } finally {
            done.countDown();
        }
    }

    /// Reads to the end, which may only be one in order where the other side has ended in order.
    private static void read(Peer peer, Side mine, byte[] expected, Side other, boolean sentAll) {
        byte[] buffer = new byte[30_000];
        int got = 0;
        boolean reset = false;
        try {
            for (int read = peer.read(buffer); read >= 0; read = peer.read(buffer)) {
                assertThat(ByteBuffer.wrap(buffer, 0, read))
                        .as("from byte %d on", got)
                        .isEqualTo(ByteBuffer.wrap(expected, other.from + got, read));
                got += read;
            }
        } catch (java.net.SocketTimeoutException e) {
            throw new AssertionError("nothing came any more after " + got + " bytes", e);
        } catch (IOException e) {
            reset = true;
        }
        if (!reset && sentAll && !mine.breaks() && other.breaks()) {
            throw new AssertionError("a broken stream looked whole after " + got + " of " + other.sends + " bytes");
        }
    }

    private static void exchange(int port, Random random) throws Exception {
        int length = random.nextInt(200_000);
        int from = random.nextInt(1000);
        try (Peer visitor = Peer.visiting(port)) {
            visitor.send("Echo!");
            Crowd.of(2, part -> {
                if (part == 0) {
                    visitor.send(UP, from, length).end();
                } else {
                    assertThat(ByteBuffer.wrap(visitor.readAll())).isEqualTo(ByteBuffer.wrap(UP, from, length));
                }
            });
        }
    }
}
