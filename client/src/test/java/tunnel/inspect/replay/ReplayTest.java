package tunnel.inspect.replay;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tunnel.events.Exchange;
import tunnel.fixture.ClosedPort;
import tunnel.inspect.CaptureScene;
import tunnel.inspect.store.Detail;
import tunnel.inspect.store.Field;
import tunnel.inspect.store.Recorded;
import tunnel.inspect.web.Replays;
import tunnel.inspect.web.Replays.Edited;
import tunnel.inspect.web.Replays.Refused;

class ReplayTest {
    private static final String POST = "POST /a?b=c HTTP/1.1\r\nHost: a.example\r\nAuthorization: Bearer x\r\nX-Note: \u00e9\r\n"
            + "X-Empty:\r\nTransfer-Encoding: chunked\r\nConnection: TE\r\nTE: trailers\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private final CaptureScene scene = new CaptureScene("password");
    private final Replays replays = new LocalReplays(scene::capture);
    private final BlockingQueue<String> requests = new LinkedBlockingQueue<>();
    private volatile String answer = "HTTP/1.1 201 Again\r\nContent-Length: 3\r\n\r\nyes"; // and the connection stays open
    private ServerSocket origin;

    @BeforeEach
    void listen() throws IOException {
        origin = new ServerSocket(0, 10, InetAddress.ofLiteral("127.0.0.1"));
        scene.to(origin.getLocalPort());
        Thread.ofVirtual().name("origin").start(this::serve);
    }

    @AfterEach
    void close() throws IOException {
        origin.close();
        scene.close();
    }

    private void serve() {
        while (!origin.isClosed()) {
            try (Socket socket = origin.accept()) {
                requests.add(read(socket.getInputStream()));
                socket.getOutputStream().write(answer.getBytes(ISO_8859_1));
                var _ = socket.getInputStream().read(); // until the other side closes
            } catch (IOException e) {
                // the next one
            }
        }
    }

    private static String read(InputStream in) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        while (true) {
            all.write(in.read());
            String text = all.toString(ISO_8859_1);
            int end = text.indexOf("\r\n\r\n");
            if (end >= 0) {
                String length = text.replaceAll("(?s).*\r\nContent-Length: (\\d+)\r\n.*", "$1");
                int rest = length.matches("\\d+") ? Integer.parseInt(length) : 0;
                return text + new String(in.readNBytes(rest), ISO_8859_1);
            }
        }
    }

    private Recorded captured(String request, String response) {
        long id = scene.store().before(0).stream().findFirst().map(Recorded::id).orElse(0L) + 1;
        scene.exchange(request, response);
        scene.over(id);
        return Objects.requireNonNull(scene.store().get(id));
    }

    @Test
    void aRequestIsSentAsItWasButForItsFramingAndWhatIsMasked() throws Exception {
        Replays.Sent sent = replays.send(captured(POST, OK), null);

        assertThat(requests.take()).isEqualTo("POST /a?b=c HTTP/1.1\r\nHost: a.example\r\nX-Note: \u00e9\r\nX-Empty: \r\n"
                + "Content-Length: 5\r\nConnection: close\r\n\r\nhello");
        assertThat(sent.left()).containsExactly("Authorization");
        Detail again = scene.over(sent.id());
        assertThat(again.exchange())
                .returns(1L, Exchange::replayOf)
                .returns(201, Exchange::status)
                .returns("", Exchange::visitor)
                .returns(Exchange.State.COMPLETE, Exchange::state);
        assertThat(CaptureScene.response(again).body().kept()).asString(UTF_8).isEqualTo("yes");
    }

    @Test
    void aRequestWhoseBodyIsStillComingIsNotSentWithoutIt() {
        scene.stream().fromVisitor(CaptureScene.bytes("POST /a HTTP/1.1\r\nHost: a.example\r\nContent-Length: 5\r\n\r\nhel"));
        await().atMost(CaptureScene.PATIENCE).until(() -> scene.store().get(1) != null);

        assertThatThrownBy(() -> replays.send(Objects.requireNonNull(scene.store().get(1)), null))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("still coming");
    }

    @Test
    void aRequestIsSentAsItWasEdited() throws Exception {
        Replays.Sent sent = replays.send(captured(POST, OK), new Edited(
                "PUT",
                "/other?x",
                List.of(new Field("Host", "b.example:81"), new Field("X-New", "\u4f60"), new Field("Content-Length", "999"),
                        new Field("Authorization", "Bearer mine"), new Field("Cookie", "[masked]")),
                "bye".getBytes(UTF_8)));

        assertThat(requests.take()).isEqualTo("PUT /other?x HTTP/1.1\r\nHost: b.example:81\r\nX-New: "
                + new String("\u4f60".getBytes(UTF_8), ISO_8859_1)
                + "\r\nAuthorization: Bearer mine\r\nContent-Length: 3\r\nConnection: close\r\n\r\nbye");
        assertThat(sent.left()).containsExactly("Cookie");
        assertThat(scene.over(sent.id()).request().head().value("Authorization")).isEqualTo("[masked]");
    }

    @Test
    void anEditedBodyGoesWithoutTheCodingThatTheCapturedOneHad() throws Exception {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
            gzip.write("plain".getBytes(UTF_8));
        }
        String body = zipped.toString(ISO_8859_1);
        Recorded captured = captured("POST /a HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\nContent-Length: " + body.length() + "\r\n\r\n" + body, OK);
        replays.send(captured, new Edited("POST", "/a", captured.detail().request().head().fields(), "new".getBytes(UTF_8)));

        assertThat(requests.take()).doesNotContain("gzip").endsWith("\r\n\r\nnew");
    }

    @Test
    void whatIsNotKnownWholeIsNotSent() {
        Recorded large = captured("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 300000\r\n\r\n" + "x".repeat(300_000), OK);
        Recorded masked = captured("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 16\r\n\r\n{\"password\":\"x\"}", OK);
        Recorded query = captured("GET /a?password=x HTTP/1.1\r\nHost: a\r\n\r\n", OK);
        Recorded socket = captured(
                "GET /a HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
                "HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");

        assertThatThrownBy(() -> replays.send(large, null)).isInstanceOf(Refused.class).hasMessageContaining("300000");
        assertThatThrownBy(() -> replays.send(masked, null)).isInstanceOf(Refused.class).hasMessageContaining("masked");
        assertThatThrownBy(() -> replays.send(query, null)).isInstanceOf(Refused.class).hasMessageContaining("masked");
        assertThatThrownBy(() -> replays.send(socket, null)).isInstanceOf(Refused.class).hasMessageContaining("WebSocket");
        assertThat(requests).isEmpty();
    }

    @Test
    void whatIsNoRequestIsNotSent() {
        Recorded captured = captured("GET /a HTTP/1.1\r\nHost: a\r\n\r\n", OK);
        for (Edited bad : List.of(
                new Edited("GET /x", "/a", List.of(), null),
                new Edited("CONNECT", "/a", List.of(), null),
                new Edited("GET", "a", List.of(), null),
                new Edited("GET", "/a b", List.of(), null),
                new Edited("GET", "/a\r\nX: y", List.of(), null),
                new Edited("GET", "/\u00e9", List.of(), null),
                new Edited("GET", "/a", List.of(new Field("X y", "1")), null),
                new Edited("GET", "/a", List.of(new Field("X", "1\r\nY: 2")), null),
                new Edited("GET", "/a", List.of(new Field("Host", "a b")), null))) {
            assertThatThrownBy(() -> replays.send(captured, bad)).as(bad.toString()).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(requests).isEmpty();
    }

    @Test
    void aLocalServiceThatIsDownIsAnExchangeThatFailed() throws Exception {
        try (ClosedPort closed = new ClosedPort()) {
            scene.to(closed.number());
            Recorded captured = captured("GET /a HTTP/1.1\r\nHost: a\r\n\r\n", OK);
            Replays.Sent sent = replays.send(captured, null);

            assertThat(scene.over(sent.id()).exchange())
                    .returns(Exchange.State.FAILED, Exchange::state)
                    .satisfies(one -> assertThat(one.failure()).contains("connection refused"));
        }
    }
}
