package tunnel.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tunnel.fixture.LeakCheck;
import tunnel.fixture.LogLines;
import tunnel.protocol.Bytes;
import tunnel.protocol.CloseCode;
import tunnel.protocol.Frame;
import tunnel.protocol.Options;
import tunnel.protocol.Proofs;
import tunnel.protocol.RejectCode;
import tunnel.server.registry.Limits;

/// Whatever comes to the control port, with TLS and without: the connection that misbehaves is closed, with one line in the
/// log, and the tunnel of an honest client serves its visitors meanwhile.
@ExtendWith(LeakCheck.class)
class ControlPortAbuseTest {
    private static final InetSocketAddress VISITOR =
            new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 1);
    private static final byte[] HUGE = {0x02, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF};
    private static final byte[] ONE_TOO_LONG = {0x02, 0, 0x04, 0x01};
    private static final byte[] HALF_AN_INIT = {0x02, 0, 0, 0x54, 'T', 'U', 'N', 'L', 0, 1};
    private static final Frame.Reject NO_SUCH_SESSION =
            new Frame.Reject(0, RejectCode.UNAUTHORIZED, "there is no such session");

    /// What is done to the control port.
    private interface Attack {
        void on(Scene scene) throws Exception;
    }

    /// While an attack runs, an honest client's visitors are served; in the end the log has a warning for each that was
    /// expected, counted where they are many, and none besides.
    private static void attack(boolean plain, Attack attack, String... warnings) throws Exception {
        try (LogLines log = new LogLines(Level.WARN)) {
            try (Scene scene = Scene.start(Quick.firstFrame(), plain);
                    Visitors visitors = new Visitors(() -> scene.visit("/honest"))) {
                attack.on(scene);
                visitors.awaitMore(5);
                assertThat(visitors.failures()).as("visitors who were not served; log: %s", log.all()).isEmpty();
                assertThat(scene.link().dialled()).as("the honest client's session went on").isLessThan(20);
                await().atMost(World.PATIENCE).until(() -> CountedLines.sum(log.all()) >= warnings.length);
            }
            assertThat(CountedLines.sum(log.all())).isEqualTo(warnings.length);
            assertThat(log.all()).allMatch(line -> line.startsWith("WARN"));
            if (warnings.length > 0) { // of those in between some are only counted
                assertThat(log.with(warnings[0])).isNotEmpty();
                assertThat(log.with(warnings[warnings.length - 1])).isNotEmpty();
            }
        }
    }

    private static RawClient connect(Scene scene) throws IOException {
        return RawClient.connect(scene.server().controlPort(), scene.plain());
    }

    private static void assertEnded(RawClient client, CloseCode code, String sentence) {
        assertThat(client.lastWord()).isEqualTo(new Frame.Close(code, sentence));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void randomBytes(boolean plain) throws Exception {
        Random random = new Random(25);
        int times = 20;
        String[] warnings = new String[times];
        Arrays.fill(warnings, plain ? "" : "TLS failed");
        attack(
                plain,
                scene -> {
                    for (int i = 0; i < times; i++) {
                        byte[] noise = new byte[4096];
                        random.nextBytes(noise);
                        try (Socket socket = RawClient.silent(scene.server().controlPort())) {
                            socket.setSoTimeout(10_000);
                            socket.getOutputStream().write(noise);
                            drain(socket);
                        }
                    }
                },
                warnings);
    }

    private static void drain(Socket socket) throws IOException {
        try {
            var _ = socket.getInputStream().readAllBytes();
        } catch (SocketException reset) {
            // that is an end too
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void randomBytesInsideTheHandshakedConnection(boolean plain) throws Exception {
        attack(
                plain,
                scene -> {
                    try (RawClient client = connect(scene)) {
                        client.send("GET / HTTP/1.1\r\nHost: tunnel.example.com\r\n\r\n".getBytes(UTF_8));
                        assertThat(client.lastWord())
                                .isInstanceOfSatisfying(
                                        Frame.Reject.class,
                                        reject -> assertThat(reject.code()).isEqualTo(RejectCode.PROTOCOL));
                    }
                },
                "frame of type 0x47 is");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aHugeFrame(boolean plain) throws Exception {
        String beforeLogin = "frame of type 0x02 is 16777215 bytes long, 1024 are allowed";
        String afterLogin = "frame of type 0x02 is 16777215 bytes long, 16384 are allowed";
        attack(
                plain,
                scene -> {
                    try (RawClient client = connect(scene)) {
                        client.send(HUGE);
                        assertThat(client.lastWord())
                                .isEqualTo(new Frame.Reject(0, RejectCode.PROTOCOL, beforeLogin));
                    }
                    try (RawClient client = connect(scene)) {
                        client.login(scene.other());
                        client.send(HUGE);
                        assertEnded(client, CloseCode.PROTOCOL, afterLogin);
                    }
                    try (RawClient control = connect(scene);
                            RawClient data = connect(scene)) {
                        data.attach(control.login(scene.other()));
                        data.send(HUGE);
                        assertThat(data.lastWord()).isNull();
                        control.send(new Frame.Ping(4711));
                        assertThat(control.read(Frame.Pong.class)).isEqualTo(new Frame.Pong(4711));
                    }
                },
                beforeLogin,
                afterLogin,
                afterLogin);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theReasonArrivesThoughMoreIsUnderWay(boolean plain) throws Exception {
        int times = 20;
        String warning = "frame of type 0x02 is 16777215 bytes long, 1024 are allowed";
        attack(
                plain,
                scene -> {
                    for (int i = 0; i < times; i++) {
                        try (RawClient client = connect(scene)) {
                            client.send(HUGE);
                            client.send(new byte[16 << 10]);
                            client.send(new byte[16 << 10]);
                            assertThat(client.lastWord())
                                    .isEqualTo(new Frame.Reject(0, RejectCode.PROTOCOL, warning));
                        }
                    }
                },
                Collections.nCopies(times, warning).toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void hugeFramesTakeNoMemory(boolean plain) throws Exception {
        try (Scene scene = Scene.start(Quick.firstFrame(), plain)) {
            hugeFrames(scene, HUGE, 100);
            long before = usedHeap();
            hugeFrames(scene, HUGE, 1000);
            hugeFrames(scene, ONE_TOO_LONG, 1000);
            assertThat(usedHeap() - before).isLessThan(16 << 20);
            assertThat(scene.visit("/").status()).isEqualTo(200);
        }
    }

    private static void hugeFrames(Scene scene, byte[] header, int times) throws IOException {
        for (int i = 0; i < times; i++) {
            try (RawClient client = connect(scene)) {
                client.send(header);
                assertThat(client.lastWord()).isInstanceOf(Frame.Reject.class);
            }
        }
    }

    private static long usedHeap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void silenceAfterHalfAFrame(boolean plain) throws Exception {
        attack(
                plain,
                scene -> {
                    try (RawClient client = connect(scene)) {
                        client.send(HALF_AN_INIT);
                        Stopwatch sinceSilence = new Stopwatch();
                        assertThat(client.lastWord()).isNull();
                        assertThat(sinceSilence.elapsed())
                                .isBetween(Duration.ofMillis(500), Quick.limits().logins().firstFrame().plusSeconds(2));
                    }
                },
                "no complete first frame came within 1 s");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anEndInsideAFrame(boolean plain) throws Exception {
        attack(
                plain,
                scene -> {
                    try (RawClient client = connect(scene)) {
                        client.send(HALF_AN_INIT);
                        client.endOutput();
                        client.lastWord();
                    }
                },
                "the input ended inside a frame");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aFirstFrameThatIsNone(boolean plain) throws Exception {
        attack(
                plain,
                scene -> {
                    try (RawClient client = connect(scene)) {
                        client.askFor(1, "blue-otter");
                        assertThat(client.lastWord())
                                .isEqualTo(new Frame.Reject(
                                        0, RejectCode.PROTOCOL, "the first frame must be Init or DataInit"));
                    }
                },
                "the first frame must be Init or DataInit");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aSecondInit(boolean plain) throws Exception {
        attack(
                plain,
                scene -> {
                    try (RawClient client = connect(scene)) {
                        client.login(scene.other());
                        client.send(Proofs.init(scene.other(), client.binding(), Bytes.random(32), Options.NONE));
                        assertEnded(client, CloseCode.PROTOCOL, "Init came on a control channel");
                    }
                },
                "Init came on a control channel");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void framesThatAreTheServersOnAControlChannel(boolean plain) throws Exception {
        attack(
                plain,
                scene -> {
                    try (RawClient client = connect(scene)) {
                        client.login(scene.other());
                        client.send(new Frame.Data(ByteBuffer.wrap(new byte[100])));
                        assertEnded(client, CloseCode.PROTOCOL, "Data came on a control channel");
                    }
                    try (RawClient client = connect(scene)) {
                        client.login(scene.other());
                        client.send(new Frame.Open(1, 1, VISITOR, Options.NONE));
                        assertEnded(client, CloseCode.PROTOCOL, "Open came on a control channel");
                    }
                },
                "Data came on a control channel",
                "Open came on a control channel");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void framesWithoutAStreamOnADataChannel(boolean plain) throws Exception {
        attack(
                plain,
                scene -> {
                    try (RawClient control = connect(scene);
                            RawClient one = connect(scene);
                            RawClient two = connect(scene)) {
                        RawClient.Stay stay = control.login(scene.other());
                        one.attach(stay);
                        one.send(new Frame.Data(ByteBuffer.wrap(new byte[100])));
                        assertThat(one.lastWord()).isNull();
                        two.attach(stay);
                        two.send(new Frame.Open(1, 1, VISITOR, Options.NONE));
                        assertThat(two.lastWord()).isNull();
                        control.send(new Frame.Ping(4711));
                        assertThat(control.read(Frame.Pong.class)).isEqualTo(new Frame.Pong(4711));
                    }
                },
                "Data came where no stream was open",
                "Open came on a data channel");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void dataChannelsOfSessionsThatAreNotTheirs(boolean plain) throws Exception {
        String warning = "data channel refused: its session is unknown or its proof is wrong";
        attack(
                plain,
                scene -> {
                    try (RawClient victim = connect(scene);
                            RawClient control = connect(scene);
                            RawClient unknown = connect(scene);
                            RawClient guess = connect(scene);
                            RawClient foreign = connect(scene)) {
                        RawClient.Stay stay = victim.login(scene.token());
                        RawClient.Stay own = control.login(scene.other());
                        unknown.attach(new RawClient.Stay(Bytes.random(16), own.secret()));
                        assertThat(unknown.lastWord()).isEqualTo(NO_SUCH_SESSION);
                        guess.attach(new RawClient.Stay(own.session(), Bytes.random(32)));
                        assertThat(guess.lastWord()).isEqualTo(NO_SUCH_SESSION);
                        foreign.attach(new RawClient.Stay(stay.session(), own.secret()));
                        assertThat(foreign.lastWord()).isEqualTo(NO_SUCH_SESSION);
                    }
                },
                warning,
                warning,
                warning);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void framesOfAnotherConnectionReplayed(boolean plain) throws Exception {
        attack(
                plain,
                scene -> {
                    try (RawClient overheard = connect(scene);
                            RawClient init = connect(scene);
                            RawClient data = connect(scene)) {
                        init.send(Proofs.init(
                                scene.other(), overheard.binding(), Bytes.random(32), Options.NONE));
                        assertThat(init.lastWord())
                                .isEqualTo(new Frame.Reject(
                                        0, RejectCode.UNAUTHORIZED, "the token was not accepted"));
                        RawClient.Stay stay = overheard.login(scene.other());
                        data.send(Proofs.dataInit(stay.session(), stay.secret(), overheard.binding()));
                        assertThat(data.lastWord()).isEqualTo(NO_SUCH_SESSION);
                    }
                },
                "login refused",
                "data channel refused");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aPreviousSessionThatIsSomebodyElses(boolean plain) throws Exception {
        attack(plain, scene -> {
            try (RawClient victim = connect(scene);
                    RawClient thief = connect(scene);
                    RawClient guesser = connect(scene)) {
                RawClient.Stay stay = victim.login(scene.token());
                thief.loginAgain(scene.other(), stay); // knows even the secret, but has another token
                guesser.loginAgain(scene.token(), new RawClient.Stay(stay.session(), Bytes.random(32)));
                victim.send(new Frame.Ping(4711));
                assertThat(victim.read(Frame.Pong.class)).isEqualTo(new Frame.Pong(4711));
            }
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aHundredThousandPings(boolean plain) throws Exception {
        attack(
                plain,
                scene -> {
                    try (RawClient client = connect(scene)) {
                        client.login(scene.other());
                        ByteBuffer ping = ByteBuffer.allocate(12).putInt(0x0B000008).putLong(1);
                        ByteBuffer many = ByteBuffer.allocate(12 * 1000);
                        for (int i = 0; i < 1000; i++) {
                            many.put(ping.array());
                        }
                        sendUntilClosed(client, many.array(), 100);
                        client.lastWord();
                    }
                },
                "more than 50 pings came within one heartbeat");
    }

    private static void sendUntilClosed(RawClient client, byte[] bytes, int times) {
        try {
            for (int i = 0; i < times; i++) {
                client.send(bytes);
            }
        } catch (IOException closed) {
            // as it should
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void dataChannelsMoreThanAskedFor(boolean plain) throws Exception {
        int more = 12;
        try (Scene scene = Scene.start(Quick.oneIdle(), plain);
                Visitors visitors = new Visitors(() -> scene.visit("/honest"));
                RawClient control = connect(scene)) {
            RawClient.Stay stay = control.login(scene.other());
            assertThat(control.read(Frame.OpenData.class)).isEqualTo(new Frame.OpenData(1));
            List<Frame> refused = new CopyOnWriteArrayList<>();
            List<RawClient> data = new ArrayList<>();
            for (int i = 0; i < 1 + more; i++) {
                RawClient one = connect(scene);
                data.add(one);
                one.attach(stay);
                Thread.ofVirtual().start(() -> Optional.ofNullable(one.lastWord()).ifPresent(refused::add));
            }
            // two that come at the same moment may both be let in
            await().atMost(World.PATIENCE).until(() -> refused.size() >= more - 2);
            assertThat(refused)
                    .containsOnly(new Frame.Reject(0, RejectCode.SURPLUS, "this data channel was not asked for"));
            control.send(new Frame.Ping(4711));
            assertThat(control.read(Frame.Pong.class)).isEqualTo(new Frame.Pong(4711));
            visitors.awaitMore(5);
            assertThat(visitors.failures()).isEmpty();
            data.forEach(RawClient::close);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void silentConnectionsDoNotDelayALogin(boolean plain) throws Exception {
        List<Socket> silent = new ArrayList<>();
        try (Scene scene = Scene.start(Limits.DEFAULT, plain)) {
            for (int i = 0; i < 200; i++) {
                silent.add(RawClient.silent(scene.server().controlPort()));
            }
            Stopwatch sinceDial = new Stopwatch();
            try (RawClient client = connect(scene)) {
                client.login(scene.other());
            }
            assertThat(sinceDial.elapsed()).as("the silent ones have 5 s").isLessThan(Duration.ofSeconds(4));
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }
}
