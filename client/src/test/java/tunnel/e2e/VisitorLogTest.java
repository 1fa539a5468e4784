package tunnel.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tunnel.fixture.LeakCheck;
import tunnel.fixture.LogLines;
import tunnel.server.TunnelServer;

/// One line for each visitor.
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
    void requestIsLoggedWithWhatCameOfIt() throws Exception {
        TunnelServer server = world.server();
        Origin origin = world.closing(Origin.serving(visitor -> {
            visitor.head();
            visitor.send("HTTP/1.1 418 I'm a teapot\r\nContent-Length: 5\r\n\r\nshort");
        }));
        world.http(server, origin.port(), "blue-otter");
        try (Peer visitor = Peer.visiting(server.httpPort())) {
            visitor.send("PUT /pot?tea=1 HTTP/1.1\r\nHost: blue-otter.localhost:" + server.httpPort() + "\r\n\r\n");
            int length = visitor.readAll().length;
            visitor.end();

            assertThat(line("blue-otter PUT", visitor.address()))
                    .matches("INFO visitor-[0-9]+ blue-otter PUT /pot\\?tea=1 418 " + length + " B [0-9]+ ms "
                            + Pattern.quote(visitor.address()));
        }
    }

    @Test
    void requestThatIsAnsweredHereIsLoggedToo() throws Exception {
        TunnelServer server = world.server();
        try (Peer visitor = Peer.visiting(server.httpPort())) {
            visitor.send(HttpAnswer.get("nobody.localhost", "/x"));
            int length = visitor.readAll().length;

            assertThat(line("nobody.localhost GET", visitor.address()))
                    .contains("nobody.localhost GET /x 404 " + length + " B ");
        }
    }

    @Test
    void controlCharactersForgeNoLine() throws Exception {
        TunnelServer server = world.server();
        String evil = "/\u001b[2J\u0007\nINFO\tforged\rline\u0085";
        try (Peer visitor = Peer.visiting(server.httpPort())) {
            visitor.send("GET " + evil + " HTTP/1.1\r\nHost: nobody.localhost\r\n\r\n");
            visitor.readAll();
            await().atMost(World.PATIENCE).until(() -> !log.with(visitor.address()).isEmpty());
        }

        assertThat(log.all()).allMatch(line -> line.chars().noneMatch(Character::isISOControl));
        assertThat(log.all()).noneMatch(line -> line.startsWith("INFO\tforged"));
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
