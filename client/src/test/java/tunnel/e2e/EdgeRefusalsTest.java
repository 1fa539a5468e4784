package tunnel.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tunnel.client.ClientSettings;
import tunnel.fixture.LeakCheck;
import tunnel.local.Local;
import tunnel.net.Cidr;
import tunnel.net.HostPort;
import tunnel.protocol.EdgeOptions;
import tunnel.protocol.EdgeOptions.Credential;
import tunnel.protocol.TunnelProtocol;
import tunnel.server.TunnelServer;
import tunnel.server.registry.Limits;

/// Each status that the edge answers with by itself, by raw bytes.
@ExtendWith(LeakCheck.class)
class EdgeRefusalsTest {
    private static final String HOST = "blue-otter.localhost";

    private final AtomicInteger reached = new AtomicInteger(); // connections to the local service
    private World world;

    @BeforeEach
    void open() throws Exception {
        world = new World();
    }

    @AfterEach
    void close() throws Exception {
        world.close();
    }

    private static EdgeOptions options(
            List<Credential> credentials, List<Cidr> deny, long maxBody, int rate, Duration responseTimeout) {
        return new EdgeOptions(
                List.of(), credentials, List.of(), deny, maxBody, rate, responseTimeout, "", List.of(), List.of());
    }

    private TunnelServer tunnel(Limits limits, Origin.Service service, EdgeOptions options) throws IOException {
        TunnelServer server = world.server(limits, false, 0);
        Origin origin = world.closing(Origin.serving(visitor -> {
            reached.incrementAndGet();
            service.serve(visitor);
        }));
        world.client(new ClientSettings(
                        server.joinString(),
                        false,
                        new ClientSettings.Wish(
                                Local.plain(new HostPort("localhost", origin.port())),
                                TunnelProtocol.HTTP,
                                "blue-otter",
                                0,
                                options)))
                .ready();
        return server;
    }

    private static HttpAnswer answer(TunnelServer server, String request) throws Exception {
        try (Peer visitor = Peer.visiting(server.httpPort())) {
            HttpAnswer answer = HttpAnswer.read(visitor.send(request), !request.startsWith("HEAD"));
            assertThat(answer.head()).contains("\r\nconnection: close\r\n");
            assertThat(visitor.read()).as("the connection ends").isEqualTo(-1);
            return answer;
        }
    }

    private static void hello(Peer visitor) throws IOException {
        while (true) {
            String head = visitor.head();
            if (HttpOrigin.field(head, "Transfer-Encoding").equals("chunked")) {
                var _ = Chunks.read(visitor); // an answer before its end would be a good one
            } else {
                visitor.read(HttpAnswer.length(head));
            }
            visitor.send(HttpAnswer.ok(head.lines().findFirst().orElse("")));
        }
    }

    private static Limits limits(Duration head, Duration idle) {
        Limits.Http usual = Limits.Http.DEFAULT;
        return Bounds.http(new Limits.Http(head, idle, usual.response(), usual.parkedFor(), usual.parked()));
    }

    @ParameterizedTest
    @CsvSource({
        "text/html, text/html",
        "application/json, application/json",
        "*/*, text/plain",
        "'text/html;q=0.1,application/json', application/json"
    })
    void pageIsWhatIsAcceptedAndCarriesNothingOfTheRequest(String accept, String type) throws Exception {
        TunnelServer server = world.server();
        String evil = "evil<script>alert(1)</script>";
        HttpAnswer answer = answer(
                server,
                "GET /" + evil + " HTTP/1.1\r\nHost: evil.localhost\r\nX-Request-Id: " + evil + "\r\nReferer: " + evil
                        + "\r\nUser-Agent: " + evil + "\r\nAccept: " + accept + "\r\n\r\n");
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.head()).contains("content-type: " + type).doesNotContain("evil");
        assertThat(answer.text()).doesNotContain("evil").doesNotContain("<script");
        HttpAnswer head = answer(server, "HEAD / HTTP/1.1\r\nHost: evil.localhost\r\n\r\n");
        assertThat(head.status()).isEqualTo(404);
        assertThat(HttpAnswer.length(head.head())).isPositive();
    }

    @Test
    void bodyOverTheTunnelsMostIsTooLargeByItsLengthAndInChunks() throws Exception {
        TunnelServer server =
                tunnel(Limits.DEFAULT, EdgeRefusalsTest::hello, options(List.of(), List.of(), 10, 0, Duration.ZERO));
        String chunked = "POST / HTTP/1.1\r\nHost: " + HOST + "\r\nTransfer-Encoding: chunked\r\n\r\n";

        assertThat(answer(server, HttpAnswer.post(HOST, "/", 11) + "x".repeat(11)).status()).isEqualTo(413);
        assertThat(reached).as("refused by what its head says").hasValue(0);
        assertThat(answer(server, chunked + "b\r\nhello world\r\n0\r\n\r\n").status()).isEqualTo(413);
        assertThat(answer(server, chunked + "1\r\nx\r\n".repeat(11) + "0\r\n\r\n").status()).isEqualTo(413);
        try (Peer visitor = Peer.visiting(server.httpPort())) {
            assertThat(HttpAnswer.read(visitor.send(HttpAnswer.post(HOST, "/", 10) + "x".repeat(10))).status())
                    .isEqualTo(200);
        }
    }

    @Test
    void addressThatIsDeniedIsForbidden() throws Exception {
        TunnelServer server = tunnel(
                Limits.DEFAULT,
                EdgeRefusalsTest::hello,
                options(List.of(), List.of(Cidr.parse("127.0.0.0/8")), 0, 0, Duration.ZERO));
        for (int i = 0; i < 5; i++) { // what one had let through would have arrived by the last
            assertThat(answer(server, HttpAnswer.get(HOST, "/")).status()).isEqualTo(403);
        }
        assertThat(reached).hasValue(0);
    }

    @Test
    void onlyWhoHasThePasswordComesIn() throws Exception {
        TunnelServer server = tunnel(
                Limits.DEFAULT,
                EdgeRefusalsTest::hello,
                options(List.of(Credential.of("ann", "secret")), List.of(), 0, 0, Duration.ZERO));
        String basic = Base64.getEncoder().encodeToString("ann:secret".getBytes(StandardCharsets.UTF_8));
        HttpAnswer none = answer(server, HttpAnswer.get(HOST, "/"));
        assertThat(none.status()).isEqualTo(401);
        assertThat(none.head()).contains("www-authenticate: basic ");
        for (String wrong : List.of("Basic", "Basic !", "Basic YW5uOndyb25n", "Bearer " + basic, "")) {
            String request = "GET / HTTP/1.1\r\nHost: " + HOST + "\r\nAuthorization: " + wrong + "\r\n\r\n";
            assertThat(answer(server, request).status()).as(wrong).isEqualTo(401);
        }
        assertThat(reached).hasValue(0);
        try (Peer visitor = Peer.visiting(server.httpPort())) {
            visitor.send("GET / HTTP/1.1\r\nHost: " + HOST + "\r\nAuthorization: Basic " + basic + "\r\n\r\n");
            assertThat(HttpAnswer.read(visitor).status()).isEqualTo(200);
        }
    }

    private static int postStatus(TunnelServer server) throws IOException {
        try (Peer visitor = Peer.visiting(server.httpPort())) {
            return HttpAnswer.read(visitor.send(HttpAnswer.post(HOST, "/", 1) + "x")).status();
        }
    }

    @Test
    void requestsOverTheRateAreTooMany() throws Exception {
        TunnelServer server =
                tunnel(Limits.DEFAULT, EdgeRefusalsTest::hello, options(List.of(), List.of(), 0, 1, Duration.ZERO));
        int served = 0;
        while (served < 20 && postStatus(server) == 200) {
            served++;
        }
        assertThat(answer(server, HttpAnswer.post(HOST, "/", 1) + "x").status()).isIn(429, 200);
        assertThat(served).isLessThan(20);
        assertThat(reached.get()).as("each POST has a connection of its own").isBetween(served, served + 1);
    }

    @Test
    void localServiceThatDoesNotAnswerIsAGatewayTimeout() throws Exception {
        TunnelServer server = tunnel(
                Limits.DEFAULT, Peer::readAll, options(List.of(), List.of(), 0, 0, Duration.ofMillis(300)));
        assertThat(answer(server, HttpAnswer.get(HOST, "/")).status()).isEqualTo(504);
    }

    @Test
    void requestThatComesBackIsALoop() throws Exception {
        TunnelServer server = tunnel(
                Limits.DEFAULT,
                visitor -> visitor.send(HttpAnswer.ok(visitor.head()
                        .lines()
                        .filter(line -> line.startsWith("Via: "))
                        .findFirst()
                        .orElseThrow())),
                EdgeOptions.NONE);
        String via = Visit.byName(server.httpPort(), "blue-otter", "/").body();
        assertThat(answer(server, "GET / HTTP/1.1\r\nHost: " + HOST + "\r\n" + via + "\r\n\r\n").status()).isEqualTo(508);
        assertThat(answer(server, "GET / HTTP/1.1\r\nHost: " + HOST + "\r\nConnection: via\r\n" + via + "\r\n\r\n")
                        .status())
                .isEqualTo(508);
        assertThat(reached).as("the one that fetched Via").hasValue(1);
    }

    @Test
    void headAndBodyThatStallTimeOut() throws Exception {
        TunnelServer server =
                tunnel(limits(Duration.ofMillis(500), Duration.ofMillis(500)), Peer::readAll, EdgeOptions.NONE);
        assertThat(answer(server, "GET / HTTP/1.1\r\nHo").status()).isEqualTo(408);
        assertThat(reached).hasValue(0);
        assertThat(answer(server, HttpAnswer.post(HOST, "/", 5) + "x").status()).isEqualTo(408);
        String chunked = "POST / HTTP/1.1\r\nHost: " + HOST + "\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nx";
        assertThat(answer(server, chunked).status()).isEqualTo(408);
    }

    @Test
    void headBehindAnotherRequestHasTheDeadlineOfAHead() throws Exception {
        TunnelServer server =
                tunnel(limits(Duration.ofMillis(500), Duration.ofSeconds(60)), EdgeRefusalsTest::hello, EdgeOptions.NONE);
        try (Peer visitor = Peer.visiting(server.httpPort())) {
            visitor.send(HttpAnswer.get(HOST, "/") + "GET / HTTP/1.1\r\nHo");
            assertThat(HttpAnswer.read(visitor).status()).isEqualTo(200);
            assertThat(HttpAnswer.read(visitor).status()).isEqualTo(408);
        }
    }

    @Test
    void requestBehindASlowResponseKeepsItsBody() throws Exception {
        Duration most = Duration.ofMillis(300);
        TunnelServer server = tunnel(
                limits(most, Duration.ofSeconds(60)),
                visitor -> {
                    visitor.head();
                    Thread.sleep(most.multipliedBy(4)); // what the test is about: longer than a head may take
                    visitor.send(HttpAnswer.ok("slow"));
                    hello(visitor);
                },
                EdgeOptions.NONE);
        try (Peer visitor = Peer.visiting(server.httpPort())) {
            visitor.send(HttpAnswer.get(HOST, "/1") + HttpAnswer.post(HOST, "/2", 5));
            assertThat(HttpAnswer.read(visitor).text()).isEqualTo("slow");
            assertThat(HttpAnswer.read(visitor.send("hello")).text()).isEqualTo("POST /2 HTTP/1.1");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "leak\r\n\r\n",
                "\r\n\r\nleak",
                "HTTP/2 200 leak\r\n\r\n",
                "HTTP/1.1 999 leak\r\n\r\n",
                "HTTP/1.1 200 leak\nA: b\n\n",
                "HTTP/1.1 200 leak\r\nA : b\r\n\r\n",
                "HTTP/1.1 200 leak\r\nA: b\r\n folded\r\n\r\n",
                "HTTP/1.1 200 leak\r\nno colon\r\n\r\n",
                "HTTP/1.1 200 leak\r\nA: b\u0000\r\n\r\n",
                "HTTP/1.1 200 leak\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nleaks",
                "HTTP/1.1 200 leak\r\nContent-Length: -4\r\n\r\nleak",
                "HTTP/1.1 200 leak\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 leak\r\nTransfer-Encoding: gzip\r\n\r\nleak",
                "HTTP/1.0 200 leak\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 101 leak\r\nConnection: Upgrade\r\nUpgrade: leak\r\n\r\n",
                "HTTP/1.1 100 Continue\r\n\r\nleak\r\n\r\n",
                "HTTP/1.1 200 leak\r\nLea"
            })
    void badResponseIsABadGatewayWithNothingOfIt(String response) throws Exception {
        TunnelServer server = tunnel(
                Limits.DEFAULT,
                visitor -> {
                    visitor.head();
                    visitor.send(response);
                },
                EdgeOptions.NONE);
        HttpAnswer answer;
        try (Peer visitor = Peer.visiting(server.httpPort())) {
            visitor.send("GET / HTTP/1.1\r\nHost: " + HOST + "\r\n\r\n");
            answer = HttpAnswer.read(visitor);
            answer = answer.status() == 100 ? HttpAnswer.read(visitor) : answer;
            assertThat(visitor.read()).isEqualTo(-1);
        }
        assertThat(answer.status()).isEqualTo(502);
        assertThat(answer.head()).contains("\r\nconnection: close\r\n");
        assertThat(answer.head() + answer.text()).doesNotContain("leak");
    }

    @Test
    void clientThatIsAwayIsUnavailableForNow() throws Exception {
        TunnelServer server = world.server();
        Origin origin = world.closing(Origin.serving(EdgeRefusalsTest::hello));
        Link link = world.closing(new Link(server));
        world.client(link.join(server), origin.port(), TunnelProtocol.HTTP, "blue-otter").ready();
        link.close();
        await().atMost(World.PATIENCE) // until the server has noticed, it looks for a data channel
                .until(() -> answer(server, HttpAnswer.get(HOST, "/")).status() == 503);
        assertThat(answer(server, HttpAnswer.get(HOST, "/")).head()).contains("\r\nretry-after: ");
    }
}
