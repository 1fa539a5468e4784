package tunnel.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import tunnel.client.ClientSettings;
import tunnel.client.Machine;
import tunnel.fixture.LeakCheck;
import tunnel.fixture.LogLines;
import tunnel.net.HostPort;
import tunnel.protocol.Frame;
import tunnel.protocol.Token;
import tunnel.protocol.TunnelProtocol;

/// Sleep, a network that changes, and one that is gone, at a server by hand whose heartbeat is slow: what comes sooner, the
/// client did not find by that.
@Timeout(60)
@ExtendWith(LeakCheck.class)
class DoubtTest {
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    private static final InetAddress WIFI = InetAddress.ofLiteral("192.0.2.1");
    private static final InetAddress PHONE = InetAddress.ofLiteral("198.51.100.1");
    private static final Duration HOUR = Duration.ofHours(1);
    /// For so long a question is shared by all who ask: a 25th of the heartbeat, and a little.
    private static final Duration SHARED = Duration.ofMillis(RawServer.HEARTBEAT_MILLIS / 25 + 100);

    private final OtherMachine machine = new OtherMachine();
    private LogLines log;
    private World world;
    private RawServer server;
    private RawServer.Connection control;

    @BeforeEach
    void start() throws IOException {
        log = new LogLines(Level.INFO);
        world = new World();
        server = world.closing(new RawServer(Token.random(), 1));
        world.client(
                new ClientSettings(
                        server.join(),
                        true,
                        new ClientSettings.Wish(new HostPort("localhost", 1), TunnelProtocol.HTTP, "", 0)),
                machine);
        control = server.accept();
        control.serve();
    }

    @AfterEach
    void close() throws IOException {
        world.close();
        log.close();
    }

    @Test
    void aServerThatAnswersAfterASleepKeepsItsClient() throws Exception {
        for (Duration jump : List.of(HOUR, HOUR.negated(), HOUR)) {
            machine.jump(jump);
            answer();
        }
        machine.addresses = Set.of(LOOPBACK, PHONE); // a later question, so that the last answer was enough
        answer();
        assertThat(log.with("lost")).isEmpty();
    }

    /// Answers the client's question, and waits until the next one is not the same any more.
    private void answer() throws IOException {
        control.send(new Frame.Pong(control.read(Frame.Ping.class).id()));
        Stopwatch sinceQuestion = new Stopwatch();
        await().until(() -> sinceQuestion.elapsed().compareTo(SHARED) > 0);
    }

    @Test
    void aServerThatDoesNotAnswerAfterASleepIsDialledAtOnce() throws Exception {
        machine.jump(HOUR);
        control.read(Frame.Ping.class);
        Stopwatch sincePing = new Stopwatch();
        server.accept().serve();

        assertThat(sincePing.elapsed()).isBetween(Duration.ofMillis(1900), Duration.ofSeconds(10));
        assertThat(log.with("lost: this computer slept, or its clock was set, and there was no answer since. Reconnecting"))
                .hasSize(1);
    }

    @Test
    void anotherNetworkIsAReasonToAsk() throws Exception {
        machine.addresses = Set.of(LOOPBACK, WIFI, PHONE);
        answer();
        machine.addresses = Set.of(LOOPBACK, PHONE);
        control.read(Frame.Ping.class);
        server.accept().serve();

        assertThat(log.with("lost: this computer's network addresses changed, and there was no answer since. Reconnecting"))
                .hasSize(1);
    }

    @Test
    void aConnectionWhoseAddressIsGoneIsGivenUpWithoutAsking() throws Exception {
        machine.addresses = Set.of(PHONE);
        server.accept().serve();

        assertThat(log.with("lost: this computer's network addresses changed and its connection's is gone. Reconnecting"))
                .hasSize(1);
    }

    @Test
    void aDialThatNobodyAnswersIsGivenUpSoon() throws Exception {
        for (int i = 0; i < 2; i++) { // a full queue drops what comes, as a network that is gone does
            var _ = world.closing(new Socket(LOOPBACK, server.port()));
        }
        Stopwatch sinceLoss = new Stopwatch();
        control.stop();
        await().atMost(World.PATIENCE).until(() -> !log.with("no answer. Is tunnel-server running there?").isEmpty());

        assertThat(sinceLoss.elapsed()).as("and not after 10 s").isLessThan(Duration.ofSeconds(6));
    }

    /// What this machine looks like to the client. The clocks are the real ones otherwise, but it is looked at ten times as often.
    private static final class OtherMachine implements Machine {
        private volatile Duration ahead = Duration.ZERO; // the clock on the wall
        private volatile Set<InetAddress> addresses = Set.of(LOOPBACK, WIFI);

        void jump(Duration by) {
            ahead = ahead.plus(by);
        }

        @Override
        public long wallMillis() {
            return System.currentTimeMillis() + ahead.toMillis();
        }

        @Override
        public void sleep(Duration time) throws InterruptedException {
            Thread.sleep(time.dividedBy(10));
        }

        @Override
        public Set<InetAddress> addresses() {
            return addresses;
        }
    }
}
