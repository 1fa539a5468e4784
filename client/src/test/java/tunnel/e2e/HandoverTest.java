package tunnel.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import tunnel.client.ClientSettings;
import tunnel.fixture.LeakCheck;
import tunnel.fixture.LogLines;
import tunnel.net.HostPort;
import tunnel.protocol.CloseCode;
import tunnel.protocol.Frame;
import tunnel.protocol.Options;
import tunnel.protocol.RejectCode;
import tunnel.protocol.Token;
import tunnel.protocol.TunnelProtocol;
import tunnel.server.TunnelServer;
import tunnel.server.registry.Limits;

/// A server announces that it stops: the client has a session with its successor in place before it leaves. The old server is
/// one by hand; the link leads to the successor from a certain moment on, as the control port of a real one does.
@Timeout(60)
@ExtendWith(LeakCheck.class)
class HandoverTest {
    private static final Frame.GoAway GO_AWAY = new Frame.GoAway("the server restarts");

    private LogLines log;
    private World world;
    private CountingOrigin origin;
    private RawServer old;
    private Link link;

    @BeforeEach
    void start() throws IOException {
        log = new LogLines(Level.INFO);
        world = new World();
        origin = world.closing(new CountingOrigin());
        old = world.closing(new RawServer(Token.random()));
        link = world.closing(new Link(old.port()));
    }

    @AfterEach
    void close() throws IOException {
        world.close();
        log.close();
    }

    private World.Client client(String name, boolean exitOnDisconnect) throws IOException {
        return world.client(new ClientSettings(
                link.join(old.join()),
                true,
                List.of(new ClientSettings.Wish(new HostPort("localhost", origin.port()), TunnelProtocol.HTTP, name, 0)),
                exitOnDisconnect));
    }

    @Test
    void visitorsAreServedOnBothSidesOfItAndNothingIsLost() throws Exception {
        TunnelServer successor = world.server(Limits.DEFAULT, true, 0);
        old = world.closing(new RawServer(successor.joinString().token()));
        link.leadTo(old.port());
        World.Client client = client(Scene.NAME, true);
        RawServer.Connection control = old.accept();
        RawServer.Connection data = control.serve();
        RawStream running = new RawStream(data, 1);
        running.send("GET /before HTTP/1.1\r\n");

        link.leadTo(successor.controlPort());
        control.send(GO_AWAY);
        control.send(new Frame.OpenData(3)); // of a server that takes no more: the successor would refuse them
        await().atMost(World.PATIENCE)
                .until(() -> Visit.byName(successor.httpPort(), Scene.NAME, "/after").status() == 200);
        try (Visitors visitors = new Visitors(() -> Visit.byName(successor.httpPort(), Scene.NAME, "/after"))) {
            await().atMost(World.PATIENCE).until(() -> !log.with("successor has taken over; 1 stream").isEmpty());
            running.send("Host: x\r\nConnection: close\r\n\r\n");
            assertThat(running.answer()).startsWith("HTTP/1.1 200 OK").endsWith("hello /before");
            control.stop();
            visitors.awaitMore(200);

            assertThat(visitors.failures()).isEmpty();
        }
        assertThat(log.with("lost")).isEmpty();
        assertThat(log.with("connected again")).hasSize(1);
        assertThat(log.with("its session is unknown")).as("dialled for the old session").isEmpty();
        assertThat(client.end()).isNotDone();
    }

    @Test
    void theSameTunnelIsAskedForAndTheOldSessionNamed() throws Exception {
        var _ = client("", false);
        RawServer.Connection control = old.accept();
        control.serve();
        control.send(GO_AWAY);

        RawServer.Connection next = old.accept();
        Frame.Init init = next.welcome(old.token());
        assertThat(init.options().get(Options.PREVIOUS_SESSION)).isNotNull();
        Frame.Bind bind = next.read(Frame.Bind.class);
        assertThat(bind.name()).isEqualTo("any-name");
        assertThat(bind.port()).isOne();
    }

    @Test
    void anOldSessionThatEndsSoonIsNotMissedOnceItsSuccessorHasAnswered() throws Exception {
        World.Client client = client(Scene.NAME, true);
        RawServer.Connection control = old.accept();
        control.serve();
        control.send(GO_AWAY);
        RawServer.Connection next = old.accept();
        var _ = next.welcome(old.token());
        next.read(Frame.Bind.class);
        control.send(new Frame.Close(CloseCode.SUPERSEDED, "the same client came back on a new connection"));

        await().atMost(World.PATIENCE).until(() -> !log.with("successor has taken over").isEmpty());
        next.send(new Frame.Ping(1));
        next.read(Frame.Pong.class);
        assertThat(client.end()).isNotDone();
        assertThat(log.with("lost")).isEmpty();
    }

    @Test
    void anOldSessionThatItsSuccessorSupersededIsNotFinalWhereTheWelcomeWasLost() throws Exception {
        var _ = client(Scene.NAME, false);
        RawServer.Connection control = old.accept();
        control.serve();
        control.send(GO_AWAY);
        RawServer.Connection next = old.accept();
        next.read(Frame.Init.class);
        control.send(new Frame.Close(CloseCode.SUPERSEDED, "the same client came back on a new connection"));
        control.awaitLeft();
        next.stop();

        old.accept().serve();
    }

    @Test
    void whereNobodySucceedsTheOldSessionServesOnAndItsEndIsALoss() throws Exception {
        var _ = client(Scene.NAME, false);
        RawServer.Connection control = old.accept();
        RawServer.Connection data = control.serve();
        try (RawServer gone = new RawServer()) {
            link.leadTo(gone.port());
        }
        control.send(GO_AWAY);
        await().atMost(World.PATIENCE).until(() -> !log.with("Is tunnel-server running there? Retrying").isEmpty());
        RawStream stream = new RawStream(data, 1);
        stream.send("GET /alone HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        assertThat(stream.answer()).endsWith("hello /alone");
        assertThat(log.with("lost")).isEmpty();

        control.stop();
        await().atMost(World.PATIENCE)
                .until(() -> log.with("was lost: the server stops. Reconnecting").size() == 1);
        link.leadTo(old.port());
        old.accept().serve();
    }

    @Test
    void whereNobodySucceedsAClientForScriptsEndsWithTheOldSession() throws Exception {
        World.Client client = client(Scene.NAME, true);
        RawServer.Connection control = old.accept();
        control.serve();
        try (RawServer gone = new RawServer()) {
            link.leadTo(gone.port());
        }
        control.send(GO_AWAY);
        await().atMost(World.PATIENCE).until(() -> !log.with("Is tunnel-server running there?").isEmpty());
        assertThat(client.end()).isNotDone();

        control.stop();
        assertThat(client.end())
                .failsWithin(World.PATIENCE)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(IOException.class)
                .withMessage("the connection to the server was lost: the server stops."
                        + " Leave --exit-on-disconnect out to have it dial again");
    }

    @Test
    void aSuccessorThatRefusesTheTunnelIsObeyed() throws Exception {
        World.Client client = client(Scene.NAME, false);
        RawServer.Connection control = old.accept();
        control.serve();
        control.send(GO_AWAY);
        RawServer.Connection next = old.accept();
        var _ = next.welcome(old.token());
        next.read(Frame.Bind.class);
        next.send(new Frame.Reject(1, RejectCode.NAME_TAKEN, "the name is taken"));

        Refusals.assertRefused(
                client,
                "the name is taken. Choose another with --name, or leave --name out for a random one");
        control.read(Frame.Close.class); // it leaves the old one in order
    }

    @Test
    void aRandomNameThatTheSuccessorGaveAwayIsReplaced() throws Exception {
        var _ = client("", false);
        RawServer.Connection control = old.accept();
        control.serve();
        control.send(GO_AWAY);
        RawServer.Connection next = old.accept();
        var _ = next.welcome(old.token());
        assertThat(next.read(Frame.Bind.class).name()).isEqualTo("any-name");
        next.send(new Frame.Reject(1, RejectCode.NAME_TAKEN, "the name is taken"));

        assertThat(next.read(Frame.Bind.class).name()).isEmpty();
    }

    @Test
    void aSuccessorThatIsGoneAgainIsTriedAnew() throws Exception {
        var _ = client(Scene.NAME, true);
        RawServer.Connection control = old.accept();
        control.serve();
        control.send(GO_AWAY);
        RawServer.Connection first = old.accept();
        var _ = first.welcome(old.token());
        first.stop();
        RawServer.Connection second = old.accept();
        second.serve();

        await().atMost(World.PATIENCE).until(() -> !log.with("successor has taken over").isEmpty());
        assertThat(log.with("the server's successor is gone again: the server stops")).hasSize(1);
    }

    @Test
    void aSuccessorThatIsToStopBeforeItIsInPlaceIsNotWaitedFor() throws Exception {
        var _ = client(Scene.NAME, true);
        RawServer.Connection control = old.accept();
        control.serve();
        control.send(GO_AWAY);
        RawServer.Connection first = old.accept();
        var _ = first.welcome(old.token());
        first.send(GO_AWAY);
        old.accept().serve();

        await().atMost(World.PATIENCE).until(() -> !log.with("successor has taken over").isEmpty());
        control.send(new Frame.Ping(1));
        control.read(Frame.Pong.class);
        assertThat(log.with("lost")).isEmpty();
    }

    @Test
    void ofManyAnnouncementsInARowTwoSessionsAreKept() throws Exception {
        var _ = client(Scene.NAME, false);
        RawServer.Connection first = old.accept();
        first.serve();
        first.send(GO_AWAY);
        RawServer.Connection second = old.accept();
        second.serve();
        await().atMost(World.PATIENCE).until(() -> log.with("successor has taken over").size() == 1);
        second.send(GO_AWAY);

        assertThatThrownBy(() -> first.read(Frame.Close.class))
                .as("as lost, or its names would be free")
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(AsynchronousCloseException.class);
        RawServer.Connection third = old.accept();
        third.serve();
        await().atMost(World.PATIENCE).until(() -> log.with("successor has taken over").size() == 2);
        second.send(new Frame.Ping(7));
        second.read(Frame.Pong.class);
    }
}
