package tunnel.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tunnel.fixture.LeakCheck;
import tunnel.fixture.LogLines;
import tunnel.protocol.EdgeOptions;
import tunnel.protocol.EdgeOptions.Credential;
import tunnel.server.PublicSettings;
import tunnel.server.TunnelServer;
import tunnel.server.access.AccessLog;
import tunnel.server.registry.Limits;

/// One line for each visitor of a TCP tunnel, and one in the access log for each request.
@ExtendWith(LeakCheck.class)
class VisitorLogTest {
    private World world;
    private LogLines log;

    @BeforeEach
    void open() throws Exception {
        world = new World();
        log = new LogLines(Level.INFO);
    }

    @AfterEach
    void close() throws Exception {
        log.close();
        world.close();
    }

    /// The one line with `text` and the visitor's address in it.
    private String line(String text, String address) {
        await().atMost(World.PATIENCE).until(() -> !lines(text, address).isEmpty());
        assertThat(lines(text, address)).hasSize(1);
        return lines(text, address).getFirst();
    }

    private List<String> lines(String text, String address) {
        return log.with(text).stream().filter(line -> line.endsWith(" " + address)).toList();
    }

    @Test
    void requestIsInTheAccessLogWithWhatCameOfIt(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("access.log");
        TunnelServer server = logging(file);
        Origin origin = world.closing(Origin.serving(visitor -> {
            visitor.head();
            visitor.send("HTTP/1.1 418 I'm a teapot\r\nContent-Length: 5\r\n\r\nshort");
        }));
        world.http(server, origin.port(), "blue-otter");
        try (Peer visitor = Peer.visiting(server.httpPort())) {
            visitor.send("PUT /pot?tea=1 HTTP/1.1\r\nHost: blue-otter.localhost:" + server.httpPort()
                    + "\r\nContent-Length: 3\r\nUser-Agent: me\r\nReferer: there\r\n\r\nabc");
            assertThat(HttpAnswer.read(visitor).status()).isEqualTo(418);
        }

        assertThat(onlyLine(file))
                .matches("127\\.0\\.0\\.1 - - \\[[^]]+] \"PUT /pot\\?tea=1 HTTP/1\\.1\" 418 5 \"there\" \"me\""
                        + " [0-9.]+ blue-otter \\S+ 3");
    }

    @Test
    void requestThatIsAnsweredHereIsInTheAccessLogToo(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("access.log");
        TunnelServer server = logging(file);
        try (Peer visitor = Peer.visiting(server.httpPort())) {
            visitor.send(HttpAnswer.get("nobody.localhost", "/x")).readAll();
        }

        assertThat(onlyLine(file)).contains("\"GET /x HTTP/1.1\" 404 ");
    }

    @Test
    void controlCharactersForgeNoLine(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("access.log");
        TunnelServer server = logging(file);
        String evil = "/\u001b[2J\u0007\nINFO\tforged\rline\u0085";
        try (Peer visitor = Peer.visiting(server.httpPort())) {
            visitor.send("GET " + evil + " HTTP/1.1\r\nHost: nobody.localhost\r\n\r\n");
            visitor.readAll();
        }

        assertThat(onlyLine(file)).doesNotContain("forged");
        assertThat(log.all()).allMatch(line -> line.chars().noneMatch(Character::isISOControl));
        assertThat(log.all()).noneMatch(line -> line.startsWith("INFO\tforged"));
    }

    @Test
    void whatAVisitorSendsIsEscapedInTheAccessLog(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("access.log");
        TunnelServer server = logging(file);
        try (Peer visitor = Peer.visiting(server.httpPort())) {
            visitor.send("GET /\"quoted\"\\x HTTP/1.1\r\nHost: nobody.localhost\r\nUser-Agent: a\" 200 0 \"\\\t\u00ff\u0085b\r\n"
                    + "Referer: \u009b\r\n\r\n");
            visitor.readAll();
        }

        assertThat(onlyLine(file))
                .contains("\"GET /\\x22quoted\\x22\\x5cx HTTP/1.1\" 404 ")
                .contains(" \"\\x9b\" \"a\\x22 200 0 \\x22\\x5c\\x09\\xff\\x85b\" ");
        assertThat(Files.readAllBytes(file)).doesNotContain((byte) 0x85, (byte) 0xff, (byte) 0x9b, (byte) 9);
    }

    private TunnelServer logging(Path file) throws Exception {
        AccessLog.Settings settings = new AccessLog.Settings(true, file, AccessLog.Format.COMBINED);
        return world.server(Limits.DEFAULT, new PublicSettings(settings, List.of(), null));
    }

    private static String onlyLine(Path file) throws Exception {
        await().atMost(World.PATIENCE).until(() -> Files.readString(file).endsWith("\n"));
        List<String> lines = Files.readAllLines(file, ISO_8859_1);
        assertThat(lines).hasSize(1);
        return lines.getFirst();
    }

    @Test
    void anotherProtocolsBytesAreCountedBothWaysWhoeverEndsFirst(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("access.log");
        String foo = "Connection: Upgrade\r\nUpgrade: foo/1\r\n";
        try (Origin origin = Origin.serving(to -> {
                    to.head();
                    to.send("HTTP/1.1 101 Switching Protocols\r\n" + foo + "\r\nglued").send("more").end();
                    to.readAll();
                });
                HttpScene scene = HttpScene.logging(file, origin.port(), EdgeOptions.NONE, Limits.DEFAULT);
                Peer visitor = scene.visitor()) {
            visitor.send(scene.request("GET /", foo) + "early").head();
            assertThat(visitor.readAll()).asString(ISO_8859_1).isEqualTo("gluedmore");
            visitor.send("and the rest").end();

            assertThat(onlyLine(file)).contains("\"GET / HTTP/1.1\" 101 9 ").endsWith(" " + "earlyand the rest".length());
        }
    }

    @Test
    void userIsThatOfTheRequestAndNotOfTheOneBefore(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("access.log");
        EdgeOptions none = EdgeOptions.NONE;
        List<Credential> ann = List.of(Credential.of("ann", "secret"));
        EdgeOptions options = new EdgeOptions(
                List.of(), ann, List.of(), List.of(), 0, 0, none.responseTimeout(), "", List.of(), List.of());
        try (HttpOrigin origin = HttpOrigin.naming();
                HttpScene scene = HttpScene.logging(file, origin.port(), options, Limits.DEFAULT)) {
            for (String next : List.of(HttpAnswer.get("nobody.localhost", "/"), "GET / HTTP/1.1\r\nbroken\r\n\r\n")) {
                try (Peer visitor = scene.visitor()) {
                    visitor.send(scene.request("GET /in", "Authorization: Basic YW5uOnNlY3JldA==\r\n"));
                    assertThat(HttpAnswer.read(visitor).status()).isEqualTo(200);
                    visitor.send(next).readAll();
                }
            }
            await().atMost(World.PATIENCE).until(() -> Files.readAllLines(file).size() == 4);
            assertThat(Files.readAllLines(file))
                    .allMatch(line -> line.startsWith("127.0.0.1 - " + (line.contains("/in") ? "ann " : "- ")));
        }
    }

    @Test
    void streamOfTcpIsLoggedWithItsBytes() throws Exception {
        Origin echo = world.closing(Origin.echo());
        World.Client client = world.tcp(world.server(), echo.port());
        try (Peer visitor = Peer.visiting(client.port())) {
            visitor.send("hello").end();
            assertThat(visitor.readAll()).hasSize(5);

            assertThat(line(" tcp ", visitor.address())).contains(" tcp served 5 B in 5 B out ").contains(" ms ");
        }
    }
}
