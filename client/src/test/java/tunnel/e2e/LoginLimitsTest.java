package tunnel.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tunnel.fixture.LeakCheck;
import tunnel.fixture.LogLines;
import tunnel.protocol.Bytes;
import tunnel.protocol.Frame;
import tunnel.protocol.Options;
import tunnel.protocol.Proofs;
import tunnel.protocol.RejectCode;
import tunnel.protocol.Token;
import tunnel.protocol.TunnelProtocol;
import tunnel.server.TunnelServer;
import tunnel.server.registry.Limits;

/// Who may come to the control port, how often, and for how long without a login.
@Timeout(60)
@ExtendWith(LeakCheck.class)
class LoginLimitsTest {
    private static final String STRANGER = "127.0.0.2";

    private static Frame guess(TunnelServer server, String from) throws IOException {
        try (RawClient guesser = RawClient.connect(server.controlPort(), false, from)) {
            guesser.send(Proofs.init(Token.random(), guesser.binding(), Bytes.random(32), Options.NONE));
            return guesser.read();
        }
    }

    private static RejectCode code(Frame answer) {
        assertThat(answer).isInstanceOf(Frame.Reject.class);
        return ((Frame.Reject) answer).code();
    }

    @Test
    void strangersThatSayNothingAreFewAndDelayNobody() throws Exception {
        int most = Limits.DEFAULT.logins().pendingPerAddress();
        List<Socket> silent = new ArrayList<>();
        try (World world = new World();
                LogLines log = new LogLines(Level.WARN)) {
            TunnelServer server = world.server();
            Stopwatch sinceFirst = new Stopwatch();
            for (int i = 0; i < 200; i++) {
                silent.add(RawClient.silent(server.controlPort(), STRANGER));
            }
            Stopwatch sinceDial = new Stopwatch();
            try (RawClient client = RawClient.connect(server.controlPort(), false)) {
                client.login(server.joinString().token());
            }
            assertThat(sinceDial.elapsed()).as("the silent ones have 5 s").isLessThan(Duration.ofSeconds(4));
            long ended = silent.stream().filter(LoginLimitsTest::hasEnded).count();
            assertThat(ended).isGreaterThanOrEqualTo(200L - most);
            assertThat(sinceFirst.elapsed().compareTo(Duration.ofSeconds(4)) > 0 || ended == 200L - most).isTrue();
            assertThat(log.with("a connection from " + STRANGER + " was refused: " + most + " from there have yet to log in"))
                    .isNotEmpty();
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }

    private static boolean hasEnded(Socket socket) {
        try {
            socket.setSoTimeout(20);
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException stillOpen) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    @Test
    void manyAtOnceMayComeFromAnAddressWhereSomebodyIsLoggedIn() throws Exception {
        int many = Limits.DEFAULT.logins().pendingPerAddress() + 20;
        List<Socket> silent = new ArrayList<>();
        try (World world = new World()) {
            TunnelServer server = world.server();
            try (RawClient client = RawClient.connect(server.controlPort(), false)) {
                client.login(server.joinString().token());
                for (int i = 0; i < many; i++) {
                    silent.add(RawClient.silent(server.controlPort()));
                }
                try (RawClient other = RawClient.connect(server.controlPort(), false)) {
                    other.login(server.joinString().token());
                }
            }
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }

    @Test
    void fromAnAddressWhereSomebodyIsLoggedInNotAllPlacesCanBeTaken() throws Exception {
        int most = 400;
        Limits few = Limits.DEFAULT.with(new Limits.Clients(most, Limits.DEFAULT.clients().stalled()));
        List<Socket> silent = new ArrayList<>();
        try (World world = new World()) {
            TunnelServer server = world.server(few, false, 0);
            try (RawClient client = RawClient.connect(server.controlPort(), false)) {
                client.login(server.joinString().token());
                for (int i = 0; i < most; i++) {
                    silent.add(RawClient.silent(server.controlPort()));
                }
                try (RawClient other = RawClient.connect(server.controlPort(), false, STRANGER)) {
                    other.login(server.joinString().token());
                }
            }
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aByteNowAndThenDoesNotProlongTheHandshake(boolean plain) throws Exception {
        try (World world = new World()) {
            TunnelServer server = world.server(Quick.firstFrame(), plain, 0);
            byte[] beginning = plain
                    ? new byte[] {0x02, 0, 0, 0x54, 'T', 'U', 'N', 'L'}
                    : new byte[] {0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01}; // a ClientHello's
            try (Socket slow = RawClient.silent(server.controlPort())) {
                Stopwatch sinceDial = new Stopwatch();
                int sent = 0;
                while (!hasEnded(slow, plain)) {
                    slow.getOutputStream().write(sent < beginning.length ? beginning[sent++] : 0);
                    assertThat(sinceDial.elapsed()).isLessThan(Duration.ofSeconds(10));
                }
                assertThat(sinceDial.elapsed()).isGreaterThan(Duration.ofMillis(500));
            } catch (IOException reset) {
                // it was ended between two bytes
            }
        }
    }

    private static boolean hasEnded(Socket socket, boolean greets) throws IOException {
        socket.setSoTimeout(100);
        try {
            int read = socket.getInputStream().read(new byte[1000]);
            return read < 0 || !greets;
        } catch (SocketTimeoutException stillOpen) {
            return false;
        }
    }

    @Test
    void ofManyGuessesFewAreChecked() throws Exception {
        int guesses = 1000;
        int unauthorized = 0;
        try (World world = new World();
                LogLines log = new LogLines(Level.WARN)) {
            TunnelServer server = world.server();
            Stopwatch sinceFirst = new Stopwatch();
            for (int i = 0; i < guesses; i++) {
                try {
                    unauthorized += code(guess(server, STRANGER)) == RejectCode.UNAUTHORIZED ? 1 : 0;
                } catch (IOException closedAtOnce) {
                    assertThat(unauthorized).as("before that").isGreaterThanOrEqualTo(3);
                }
            }
            assertThat(unauthorized).isBetween(3, 3 + (int) sinceFirst.elapsed().toSeconds() / 3);
            assertThat(log.with("a connection from " + STRANGER + " was refused: logins from there have failed too often"))
                    .isNotEmpty();
            assertThat(log.all()).hasSizeLessThan(20 + 2 * (int) sinceFirst.elapsed().toSeconds());
            try (RawClient other = RawClient.connect(server.controlPort(), false)) {
                other.login(server.joinString().token());
            }
        }
    }

    @Test
    void ofManyReplaysNoneIsAccepted() throws Exception {
        try (World world = new World()) {
            TunnelServer server = world.server();
            try (RawClient overheard = RawClient.connect(server.controlPort(), false)) {
                Frame init = Proofs.init(
                        server.joinString().token(), overheard.binding(), Bytes.random(32), Options.NONE);
                overheard.send(init);
                Frame.Welcome welcome = overheard.read(Frame.Welcome.class);
                Frame data = Proofs.dataInit(welcome.session(), welcome.secret(), overheard.binding());
                for (int i = 0; i < 1000; i++) { // from where somebody is logged in, and from elsewhere
                    String from = i % 2 == 0 ? "127.0.0.1" : STRANGER;
                    try (RawClient replaying = RawClient.connect(server.controlPort(), false, from)) {
                        replaying.send(i / 2 % 2 == 0 ? init : data);
                        assertThat(code(replaying.read())).isIn(RejectCode.UNAUTHORIZED, RejectCode.BUSY);
                    } catch (IOException closedAtOnce) {
                        assertThat(from).isEqualTo(STRANGER);
                    }
                }
            }
        }
    }

    @Test
    void whereSomebodyIsLoggedInAnotherLoginHearsHowLongToWaitAndSessionsGoOn() throws Exception {
        try (Scene scene = Scene.start(Limits.DEFAULT)) {
            for (int i = 0; i < 3; i++) {
                assertThat(code(guess(scene.server(), "127.0.0.1"))).isEqualTo(RejectCode.UNAUTHORIZED);
            }
            try (RawClient client = RawClient.connect(scene.server().controlPort(), false)) {
                client.send(Proofs.init(scene.token(), client.binding(), Bytes.random(32), Options.NONE));
                assertThat(client.read()).isInstanceOfSatisfying(Frame.Reject.class, reject -> {
                    assertThat(reject.code()).isEqualTo(RejectCode.BUSY);
                    assertThat(reject.message())
                            .matches("too many logins from this address have failed, the next one is looked at in 1\\d s");
                });
            }
            Crowd.of(20, i -> assertThat(scene.visit("/" + i).status()).isEqualTo(200)); // by new data channels
        }
    }

    @Test
    void anHonestClientAtAnAddressThatOwesAPenaltyTriesAgainUntilItIsPaid() throws Exception {
        try (World world = new World();
                CountingOrigin origin = new CountingOrigin();
                LogLines log = new LogLines(Level.WARN)) {
            Limits.Penalties usual = Limits.DEFAULT.penalties();
            Limits quick = Limits.DEFAULT.with(new Limits.Penalties(Duration.ofSeconds(1), usual.longest()));
            TunnelServer server = world.server(quick, false, 0);
            for (int i = 0; i < 3; i++) {
                guess(server, "127.0.0.1");
            }
            World.Client client = world.client(server.joinString(), origin.port(), TunnelProtocol.HTTP, "blue-otter");
            await().atMost(World.PATIENCE).until(() -> !log.with("Retrying").isEmpty());
            assertThat(client.end()).isNotDone();
            client.ready(); // after 3 s, three times the first failure's price
        }
    }

    @Test
    void aStrangersGuessesAtDataChannelsCount() throws Exception {
        try (World world = new World()) {
            TunnelServer server = world.server();
            try (RawClient client = RawClient.connect(server.controlPort(), false)) {
                RawClient.Stay stay = client.login(server.joinString().token());
                for (int i = 0; i < 3; i++) {
                    attach(server, new RawClient.Stay(stay.session(), Bytes.random(32)));
                }
                assertThatThrownBy(() -> RawClient.connect(server.controlPort(), false, STRANGER).close())
                        .isInstanceOf(IOException.class);
            }
        }
    }

    private static void attach(TunnelServer server, RawClient.Stay stay) throws IOException {
        try (RawClient guesser = RawClient.connect(server.controlPort(), false, STRANGER)) {
            guesser.attach(stay);
            assertThat(code(guesser.read())).isEqualTo(RejectCode.UNAUTHORIZED);
        }
    }

    /// Data channels of sessions that another server had, before a restart or a take-over.
    @Test
    void aSessionThatNobodyCouldGuessIsNoGuess() throws Exception {
        try (World world = new World()) {
            TunnelServer server = world.server();
            for (int i = 0; i < 20; i++) {
                attach(server, new RawClient.Stay(Bytes.random(16), Bytes.random(32)));
            }
            try (RawClient client = RawClient.connect(server.controlPort(), false, STRANGER)) {
                client.login(server.joinString().token());
            }
        }
    }

    @Test
    void lateDataChannelsOfASessionThatHasJustEndedAreNoGuesses() throws Exception {
        try (World world = new World()) {
            TunnelServer server = world.server();
            RawClient.Stay stay;
            try (RawClient client = RawClient.connect(server.controlPort(), false)) {
                stay = client.login(server.joinString().token());
            }
            for (int i = 0; i < 10; i++) {
                try (RawClient late = RawClient.connect(server.controlPort(), false)) {
                    late.attach(stay);
                    Frame answer = late.read(); // the server may not have noticed its end at first
                    assertThat(answer instanceof Frame.Reject reject && reject.code() == RejectCode.BUSY).isFalse();
                }
            }
            try (RawClient client = RawClient.connect(server.controlPort(), false)) {
                client.login(server.joinString().token());
            }
        }
    }

    @Test
    void aTokenHasSoManySessionsAndOneThatComesBackIsNoMore() throws Exception {
        try (World world = new World()) {
            Token other = world.anotherToken();
            TunnelServer server = world.server(Bounds.sessionsPerToken(1), false, 0);
            Token token = server.joinString().token();
            try (RawClient first = RawClient.connect(server.controlPort(), false)) {
                RawClient.Stay stay = first.login(token);
                try (RawClient second = RawClient.connect(server.controlPort(), false)) {
                    assertThatThrownBy(() -> second.login(token))
                            .hasMessageContaining("this token has 1 sessions, as many as one may have")
                            .hasMessageContaining("BUSY");
                }
                try (RawClient another = RawClient.connect(server.controlPort(), false)) {
                    another.login(other);
                }
                try (RawClient again = RawClient.connect(server.controlPort(), false)) {
                    again.loginAgain(token, stay);
                }
            }
            await().atMost(World.PATIENCE).until(() -> {
                try (RawClient next = RawClient.connect(server.controlPort(), false)) {
                    next.login(token);
                    return true;
                } catch (IOException stillThere) {
                    return false;
                }
            });
        }
    }
}
