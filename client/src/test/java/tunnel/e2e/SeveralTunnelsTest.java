package tunnel.e2e;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import tunnel.cli.RefusedException;
import tunnel.client.ClientSettings;
import tunnel.client.ClientSettings.Wish;
import tunnel.fixture.LeakCheck;
import tunnel.fixture.LogLines;
import tunnel.local.Local;
import tunnel.net.Cidr;
import tunnel.net.HostPort;
import tunnel.protocol.EdgeOptions;
import tunnel.protocol.Frame;
import tunnel.protocol.JoinString;
import tunnel.protocol.Options;
import tunnel.protocol.RejectCode;
import tunnel.protocol.Token;
import tunnel.protocol.TunnelProtocol;
import tunnel.server.TunnelServer;
import tunnel.server.registry.Limits;

/// Several tunnels in one session, which come, go and change while it lives.
@Timeout(90)
@ExtendWith(LeakCheck.class)
class SeveralTunnelsTest {
    private static final int STREAMS = 50;

    private LogLines log;
    private World world;
    private CountingOrigin origin;

    @BeforeEach
    void start() throws IOException {
        log = new LogLines(Level.INFO);
        world = new World();
        origin = world.closing(new CountingOrigin());
    }

    @AfterEach
    void close() throws IOException {
        world.close();
        log.close();
    }

    private Wish http(String label, String name) {
        return new Wish(new HostPort("localhost", origin.port()), TunnelProtocol.HTTP, name, 0).labelled(label);
    }

    private static Wish tcp(String label, int port) {
        return new Wish(new HostPort("localhost", port), TunnelProtocol.TCP, "", 0).labelled(label);
    }

    private World.Client client(JoinString join, boolean plain, Wish... wishes) {
        return world.client(new ClientSettings(join, plain, List.of(wishes), false));
    }

    private static void until(Callable<Boolean> condition) {
        await().atMost(World.PATIENCE).pollInterval(Duration.ofMillis(5)).until(condition);
    }

    private static boolean has(World.Client client, String line) {
        return client.lines().stream().anyMatch(one -> one.matches(line));
    }

    @Test
    void ofFiftyStreamsNoneNoticesThatOtherTunnelsComeGoAndChange() throws Exception {
        Origin echo = world.closing(Origin.echo());
        TunnelServer server = world.server(Limits.DEFAULT, true, 0);
        Wish kept = tcp("kept", echo.port());
        World.Client client =
                client(server.joinString(), true, kept, http("gone", "gone-name"), http("other", ""));
        until(() -> client.lines().size() == 5);
        int port = Integer.parseInt(client.lines().stream()
                .filter(line -> line.startsWith("tcp:"))
                .findFirst()
                .orElseThrow()
                .replaceAll("tcp://localhost:([0-9]+) .*", "$1"));
        String other = client.lines().stream()
                .filter(line -> line.matches("http://(?!gone-name)[a-z].*\\.localhost.*"))
                .findFirst()
                .orElseThrow()
                .replaceAll("http://([^.]+)\\..*", "$1");
        List<Socket> visitors = new ArrayList<>();
        for (int i = 0; i < STREAMS; i++) {
            visitors.add(world.closing(new Socket(InetAddress.ofLiteral("127.0.0.1"), port)));
            assertEchoes(visitors.getLast());
        }

        Wish changed = new Wish(
                "other",
                Local.plain(new HostPort("localhost", origin.port())),
                TunnelProtocol.HTTP,
                "",
                0,
                closedTo("127.0.0.1"));
        client.wish(changed, http("new", "new-name"), kept);

        until(() -> Visit.byName(server.httpPort(), "new-name", "/").status() == 200);
        until(() -> Visit.byName(server.httpPort(), other, "/").status() == 403); // under the name that it had
        until(() -> Visit.byName(server.httpPort(), "gone-name", "/").status() == 404);
        for (Socket visitor : visitors) {
            assertEchoes(visitor);
        }
        assertThat(log.with("was given up")).hasSize(2);
        assertThat(log.with("kept cannot be had")).isEmpty();
        try (RawClient raw = RawClient.connect(server.controlPort(), true)) {
            raw.login(server.joinString().token());
            raw.askFor(1, "gone-name");
            assertThat(raw.tunnelAnswer()).as("a name that was given up").isInstanceOf(Frame.Assigned.class);
        }
    }

    private static EdgeOptions closedTo(String address) {
        return new EdgeOptions(
                List.of(), List.of(), List.of(), List.of(Cidr.parse(address)), 0, 0, Duration.ZERO, "", List.of(), List.of());
    }

    private static void assertEchoes(Socket visitor) throws IOException {
        byte[] sent = "still here".getBytes(US_ASCII);
        visitor.getOutputStream().write(sent);
        assertThat(visitor.getInputStream().readNBytes(sent.length)).isEqualTo(sent);
    }

    @Test
    void oneThatIsRefusedDoesNotKeepTheOthersFromBeingServed() throws Exception {
        TunnelServer server = world.server();
        var _ = world.http(server, origin.port(), "taken");
        World.Client client = client(server.joinString(), false, http("a", "taken"), http("b", "free"));

        until(() -> has(client, "http://free\\..*"));
        assertThat(Visit.byName(server.httpPort(), "free", "/").status()).isEqualTo(200);
        assertThat(log.with("WARN")).singleElement().asString().endsWith("tunnel a cannot be had: the name taken is taken."
                + " Choose another with --name, or leave --name out for a random one. The others go on");
        assertThat(client.end()).isNotDone();

        client.wish(http("a", "other"), http("b", "free"));
        until(() -> has(client, "http://other\\..*"));
    }

    @Test
    void whereAllAreRefusedTheClientEnds() throws Exception {
        TunnelServer server = world.server();
        var _ = world.http(server, origin.port(), "taken");
        World.Client client = client(server.joinString(), false, http("a", "taken"), http("b", "taken"));

        assertThatThrownBy(() -> client.end().get()).hasCauseInstanceOf(RefusedException.class);
    }

    @Test
    void aChangeThatIsRefusedDoesNotEndTheClient() throws Exception {
        TunnelServer server = world.server();
        var _ = world.http(server, origin.port(), "taken");
        World.Client client = client(server.joinString(), false, http("a", "first"));
        until(() -> has(client, "http://first\\..*"));

        client.wish(http("a", "taken"));
        until(() -> !log.with("tunnel a cannot be had").isEmpty());
        client.wish(http("a", "second"));
        until(() -> has(client, "http://second\\..*"));
        assertThat(client.end()).isNotDone();
    }

    @Test
    void whatIsRefusedAfterAChangeDoesNotEndTheClientInTheNextSessionEither() throws Exception {
        RawServer server = world.closing(new RawServer(Token.random()));
        World.Client client = client(server.join(), true, http("a", "first"));
        RawServer.Connection control = server.accept();
        control.serve();
        client.wish(http("a", "second"));
        control.read(Frame.Unbind.class);
        control.send(new Frame.Reject(control.read(Frame.Bind.class).tunnel(), RejectCode.PORT_TAKEN, "taken"));
        until(() -> log.with("cannot be had").size() == 1);
        control.stop();

        RawServer.Connection next = server.accept();
        next.welcome(server.token());
        next.send(new Frame.Reject(next.read(Frame.Bind.class).tunnel(), RejectCode.PORT_TAKEN, "taken"));
        until(() -> log.with("cannot be had").size() == 2 || client.end().isDone());
        assertThat(client.end()).isNotDone();
    }

    @Test
    void aServerThatIsTooBusyForATunnelDoesNotHoldTheHandOverUp() throws Exception {
        RawServer server = world.closing(new RawServer(Token.random()));
        var _ = client(server.join(), true, http("a", "first"));
        RawServer.Connection control = server.accept();
        control.serve();
        control.send(new Frame.GoAway("the server restarts"));
        RawServer.Connection next = server.accept();
        next.welcome(server.token());
        next.send(new Frame.Reject(next.read(Frame.Bind.class).tunnel(), RejectCode.BUSY, "the disk is full"));
        next.send(new Frame.OpenData(1));
        server.accept().isData();

        until(() -> !log.with("successor has taken over").isEmpty());
        control.stop();
    }

    @Test
    void whatIsWishedForWhileThereIsNoSessionIsAskedForInTheNext() throws Exception {
        TunnelServer first = world.server();
        World.Client client = client(first.joinString(), false, http("a", "first"));
        until(() -> has(client, "http://first\\..*"));
        int controlPort = first.controlPort();
        first.close();
        until(() -> !log.with("Reconnecting").isEmpty());
        client.wish(http("b", "second"));

        TunnelServer second = world.server(Limits.DEFAULT, false, controlPort);
        until(() -> Visit.byName(second.httpPort(), "second", "/").status() == 200);
        assertThat(Visit.byName(second.httpPort(), "first", "/").status()).as("lost, and not asked for").isEqualTo(503);
    }

    @Test
    void framesThatCrossAnUnbindAreNobodysAndNoNumberIsUsedTwice() throws Exception {
        RawServer server = world.closing(new RawServer(Token.random()));
        World.Client client = client(server.join(), true, http("a", "first"));
        RawServer.Connection control = server.accept();
        control.welcome(server.token());
        assertThat(control.read(Frame.Bind.class).tunnel()).isOne();
        control.send(new Frame.Ping(1));
        control.read(Frame.Pong.class); // the session is there

        client.wish(http("a", "second"));
        assertThat(control.read(Frame.Unbind.class).tunnel()).isOne();
        assertThat(control.read(Frame.Bind.class)).satisfies(bind -> {
            assertThat(bind.tunnel()).isEqualTo(2);
            assertThat(bind.name()).isEqualTo("second");
        });
        control.send(new Frame.Assigned(1, "first", List.of("http://first.localhost:1"), 1, Options.NONE));
        control.send(new Frame.Ready(1));
        control.send(new Frame.Reject(1, RejectCode.NAME_TAKEN, "taken"));
        client.wish(http("a", "first"));
        assertThat(control.read(Frame.Unbind.class).tunnel()).isEqualTo(2);
        assertThat(control.read(Frame.Bind.class).tunnel()).isEqualTo(3);
        control.send(new Frame.Ping(2));
        control.read(Frame.Pong.class);
        assertThat(log.with("WARN")).isEmpty();
    }

    @Test
    void aServerThatGoesAwayIsOnlyToldWhatIsGivenUpAndItsSuccessorTheRest() throws Exception {
        RawServer server = world.closing(new RawServer(Token.random()));
        World.Client client = client(server.join(), true, http("a", "first"));
        RawServer.Connection control = server.accept();
        control.serve();
        control.send(new Frame.GoAway("the server restarts"));
        RawServer.Connection next = server.accept();
        var _ = next.welcome(server.token());
        assertThat(next.read(Frame.Bind.class).tunnel()).isOne();
        until(() -> log.with("connected again").size() == 1);

        client.wish(http("b", "second"));
        assertThat(control.read(Frame.Unbind.class).tunnel()).isOne();
        assertThat(next.read(Frame.Unbind.class).tunnel()).isOne();
        next.give(next.read(Frame.Bind.class));
        until(() -> !log.with("successor has taken over").isEmpty());
        assertThat(has(client, "http://second\\..*")).isTrue();
        control.stop();
    }

    @Test
    void oneMoreThanASessionMayHaveWaitsForAnotherToBeGivenUp() throws Exception {
        Limits.Sessions usual = Limits.DEFAULT.sessions();
        TunnelServer server = world.server(
                Limits.DEFAULT.with(new Limits.Sessions(
                        usual.heartbeat(), usual.takeover(), usual.leaseGrace(), 1, usual.doubt())),
                true,
                0);
        World.Client client = client(server.joinString(), true, http("a", "first"), http("b", "second"));
        until(() -> has(client, "http://first\\..*"));
        until(() -> !log.with("cannot give tunnel b at the moment: a session may have 1 tunnels").isEmpty());

        client.wish(http("b", "second"));
        until(() -> has(client, "http://second\\..*"));
    }
}
