package tunnel.e2e;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.io.IOException;
import java.io.PrintStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;
import tunnel.client.ClientSettings;
import tunnel.client.ClientSettings.Wish;
import tunnel.client.Console;
import tunnel.client.TunnelClient;
import tunnel.fixture.LeakCheck;
import tunnel.fixture.LogLines;
import tunnel.net.HostPort;
import tunnel.protocol.TunnelProtocol;
import tunnel.server.TunnelServer;
import tunnel.server.registry.Limits;

/// How sessions end when somebody wants them to, and what the local service's coming and going looks like.
@ExtendWith(LeakCheck.class)
class SessionEndTest {
    private static final Duration STOP = Duration.ofSeconds(2);
    /// A client that is lost is missed after 15 s, and keeps what it has for 10 minutes.
    private static final Duration AT_ONCE = Duration.ofSeconds(10);

    @Test
    void aClientThatLeavesFreesItsNameAndPortAtOnce() throws Exception {
        try (Scene scene = Scene.start(Limits.DEFAULT)) {
            int port = scene.client().port();
            Stopwatch sinceClose = new Stopwatch();
            scene.client().close();
            await().atMost(AT_ONCE)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> scene.couldHave(Scene.NAME, scene.other()));
            await().atMost(AT_ONCE) // the other one had it while it asked
                    .ignoreException(BindException.class)
                    .untilAsserted(() -> new ServerSocket(port, 1, InetAddress.ofLiteral("127.0.0.1")).close());
            assertThat(sinceClose.elapsed()).isLessThan(AT_ONCE);
        }
    }

    @Test
    void aServerStopsWithinTwoSecondsWithVisitorsConnected() throws Exception {
        try (LogLines log = new LogLines(Level.INFO);
                World world = new World();
                ServerSocket service = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"))) {
            TunnelServer server = world.server();
            World.Client client = world.tcp(server, service.getLocalPort());
            List<Socket> visitors = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                visitors.add(world.closing(new Socket(InetAddress.ofLiteral("127.0.0.1"), client.port())));
                Socket served = world.closing(service.accept());
                served.getOutputStream().write('a');
                assertThat(visitors.getLast().getInputStream().read()).isEqualTo('a');
            }

            Stopwatch sinceClose = new Stopwatch();
            server.close();
            assertThat(sinceClose.elapsed()).isLessThan(STOP);
            for (Socket visitor : visitors) {
                assertThat(readOrReset(visitor)).isNegative();
            }
            await().atMost(World.PATIENCE).until(() -> log.with("Reconnecting").size() == 1);
            assertThat(log.with("lost: the server stops. Reconnecting")).as("it said goodbye").hasSize(1);
            await().atMost(STOP).until(() -> LeakCheck.threads().stream().noneMatch(SessionEndTest::isServers));
        }
    }

    private static boolean isServers(String thread) {
        return thread.matches("(visitor|control|accept|goodbye)-.*") && !thread.equals("control-writer");
    }

    private static int readOrReset(Socket socket) throws Exception {
        try {
            return socket.getInputStream().read();
        } catch (SocketException reset) {
            return -1;
        }
    }

    @Test
    void aClientStopsWithinTwoSecondsWhileItsDataChannelsAreBeingDialled() throws Exception {
        try (Scene scene = Scene.start(Quick.oneIdle())) {
            scene.link().freezeNew();
            int dialled = scene.link().dialled();
            try (Socket visitor = keptAlive(scene)) { // its data channel stays in use, so another one is wanted
                assertThat(visitor.getInputStream().read()).isEqualTo('H');
                await().atMost(World.PATIENCE).until(() -> scene.link().dialled() > dialled);

                Stopwatch sinceClose = new Stopwatch();
                scene.client().close();
                await().atMost(STOP)
                        .until(() -> LeakCheck.threads().stream().noneMatch(name -> name.startsWith("data-")));
                assertThat(sinceClose.elapsed()).isLessThan(STOP);
            }
        }
    }

    private static Socket keptAlive(Scene scene) throws IOException {
        Socket visitor = new Socket(InetAddress.ofLiteral("127.0.0.1"), scene.server().httpPort());
        visitor.getOutputStream()
                .write(("GET / HTTP/1.1\r\nHost: " + Scene.NAME + ".localhost\r\n\r\n").getBytes(US_ASCII));
        return visitor;
    }

    @Test
    void aClientStopsWithinTwoSecondsWhileItsServerIsOutOfReach() throws Exception {
        try (LogLines log = new LogLines(Level.INFO);
                Scene scene = Scene.start(Limits.DEFAULT)) {
            int dialled = scene.link().dialled();
            scene.link().freezeNew();
            scene.link().cut();
            await().atMost(World.PATIENCE).until(() -> scene.link().dialled() > dialled);

            Stopwatch sinceClose = new Stopwatch();
            scene.client().close();
            assertThat(sinceClose.elapsed()).isLessThan(STOP);
            assertThat(log.with("ERROR")).isEmpty();
        }
    }

    @Test
    @Timeout(30)
    void aClientThatIsStoppedAtTheMomentItConnectsLeavesInOrder() throws Exception {
        try (World world = new World();
                LogLines log = new LogLines(Level.INFO)) {
            TunnelServer server = world.server();
            TunnelClient client = new TunnelClient(
                    new ClientSettings(
                            server.joinString(), false, new Wish(new HostPort("localhost", 1), TunnelProtocol.HTTP, "", 0)),
                    new Console(new PrintStream(PrintStream.nullOutputStream())));
            try (var _ = new Interjection("connected to", client::close)) {
                assertThatCode(client::run).doesNotThrowAnyException();
            }
            await().atMost(World.PATIENCE).until(() -> log.with("session of").size() == 2); // it began, and it is over
        }
    }

    @Test
    void visitorsOfALocalServiceThatIsDownAreToldAndTheLogSaysItOnceEachWay() throws Exception {
        try (LogLines log = new LogLines(Level.INFO);
                Scene scene = Scene.start(Limits.DEFAULT)) {
            int port = scene.origin().port();
            for (int times = 1; times <= 2; times++) {
                (times == 1 ? scene.origin() : scene.world().closing(new CountingOrigin(port))).close();
                for (int visit = 0; visit < 5; visit++) {
                    assertThat(scene.visit("/down").status()).isEqualTo(502);
                }
                assertThat(log.with("cannot reach localhost:" + port + ": connection refused. Is your app running?"))
                        .hasSize(times);
                try (CountingOrigin up = new CountingOrigin(port)) {
                    for (int visit = 0; visit < 5; visit++) {
                        assertThat(scene.visit("/up").status()).isEqualTo(200);
                    }
                    assertThat(up.executions("/up")).isEqualTo(5);
                }
                assertThat(log.with("localhost:" + port + " is up again")).hasSize(times);
            }
        }
    }

    /// Does something on another thread the moment a line is logged, while the thread that logs it waits.
    private static final class Interjection extends AppenderBase<ILoggingEvent> implements AutoCloseable {
        private final Logger logger = (Logger) LoggerFactory.getLogger("tunnel");
        private final String text;
        private final Runnable action;

        Interjection(String text, Runnable action) {
            this.text = text;
            this.action = action;
            setContext(logger.getLoggerContext());
            start();
            logger.addAppender(this);
        }

        @Override
        protected void append(ILoggingEvent event) {
            if (event.getFormattedMessage().contains(text)) {
                CompletableFuture.runAsync(action).join();
            }
        }

        @Override
        public void close() {
            logger.detachAppender(this);
            stop();
        }
    }
}
