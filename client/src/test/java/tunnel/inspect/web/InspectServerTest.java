package tunnel.inspect.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tunnel.events.ClientEvents;
import tunnel.inspect.CaptureScene;
import tunnel.inspect.capture.Capture;
import tunnel.inspect.replay.LocalReplays;
import tunnel.inspect.store.Store;
import tunnel.net.Addresses;
import tunnel.protocol.TunnelProtocol;

class InspectServerTest {
    private static final String LIST = "/api/requests";

    private final CaptureScene scene = new CaptureScene();
    private InspectServer server;
    private InspectServer.State state;
    private Asking ask;

    @BeforeEach
    void start() throws IOException {
        InspectServer.Shown shown =
                new InspectServer.Shown("1.2.3", "tunnel.example.com:7000", scene.store(), new LocalReplays(scene::capture));
        state = new InspectServer.State(shown);
        server = InspectServer.start("localhost", 0, shown, state);
        ask = new Asking(server.port(), server.token());
    }

    @AfterEach
    void stop() {
        server.close();
        scene.close();
    }

    private void exchanges() {
        scene.exchange("GET /first?q=1 HTTP/1.1\r\nHost: a.example\r\nX-Note: Ümlaut\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 6\r\n\r\nneedle");
        scene.over(1);
        scene.exchange("POST /second HTTP/1.1\r\nHost: a.example\r\nContent-Length: 7\r\n\r\n{\"a\":1}", "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
        scene.over(2);
        scene.exchange("GET /third HTTP/1.1\r\nHost: b.example\r\nCookie: a=needle\r\n\r\n", "HTTP/1.1 503 Oh\r\nX-Reason: Needle\r\nContent-Length: 0\r\n\r\n");
        scene.over(3);
    }

    private List<Object> ids(String query) throws IOException {
        return ask.get(LIST + query).list("requests").stream().map(one -> one.get("id")).toList();
    }

    // ---- who may

    @Test
    void thePrintedAddressLetsItsHolderInAndLeavesNoTokenInTheAddress() throws IOException {
        String url = server.url();
        String path = url.substring(url.indexOf("/?"));
        assertThat(url).startsWith((Addresses.loopback().size() > 1 ? "http://localhost:" : "http://127.0.0.1:") + server.port() + "/?token=");

        Asking.Answered redirect = ask.raw("GET " + path, ask.host(), "");
        assertThat(redirect.status()).isEqualTo(303);
        assertThat(redirect.head().toLowerCase(Locale.ROOT))
                .contains("\r\nlocation: /\r\n", "; httponly; samesite=strict; path=/\r\n");
        assertThat(ask.raw("GET /", ask.host() + ask.cookie(), "").status()).isEqualTo(200);
        assertThat(ask.raw("GET " + LIST, ask.host() + ask.cookie(), "").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/inspector.js", "/api/requests", "/api/events", "/api/har", "/api/status", "/?token=", "/?token=x", "/api/requests?token=x"})
    void withoutTheTokenThereIsNothing(String path) throws IOException {
        exchanges();
        for (String credentials : List.of(
                "", "Authorization: Bearer x\r\n", "Authorization: Basic " + ask.token() + "\r\n",
                "Cookie: tunnel_inspector_" + server.port() + "=\r\n", "Cookie: tunnel_inspector_1=" + ask.token() + "\r\n")) {
            Asking.Answered answered = ask.raw("GET " + path, ask.host() + credentials, "");
            assertThat(answered.status()).as(credentials).isEqualTo(401);
            assertThat(answered.text()).doesNotContain("first").contains(path.startsWith("/api/") ? "\"error\"" : "printed");
        }
        assertThat(ask.raw("DELETE " + LIST, ask.host() + "X-Tunnel-Inspector: 1\r\n" + ask.origin(), "").status()).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "Host: attacker.example\r\n", "Host: attacker.example:PORT\r\n", "Host: localhost\r\n", "Host: localhost:1\r\n",
        "Host: localhost.attacker.example:PORT\r\n", "Host: 127.0.0.2:PORT\r\n", "", "Host: localhost:PORT\r\nHost: attacker.example\r\n"})
    void aNameThatWasMadeToLeadHereIsMisdirected(String host) throws IOException {
        String fields = host.replace("PORT", String.valueOf(server.port()));
        String query = server.url().substring(server.url().indexOf("/?"));

        assertThat(ask.raw("GET " + LIST, fields + ask.bearer(), "").status()).isEqualTo(421);
        assertThat(ask.raw("GET " + query, fields, "")).satisfies(one -> {
            assertThat(one.status()).isEqualTo(421);
            assertThat(one.head()).doesNotContainIgnoringCase("set-cookie");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST", "127.0.0.1", "[::1]"})
    void eachNameOfLoopbackIsOurs(String host) throws IOException {
        assertThat(ask.raw("GET " + LIST, "Host: " + host + ":" + server.port() + "\r\n" + ask.bearer(), "").status())
                .isEqualTo(200);
    }

    @Test
    void otherPagesCannotChangeAnything() throws IOException {
        exchanges();
        String good = ask.host() + ask.cookie() + ask.origin() + "X-Tunnel-Inspector: 1\r\nSec-Fetch-Site: same-origin\r\n";
        for (String bad : List.of(
                good.replace(ask.origin(), "Origin: http://attacker.example\r\n"),
                good.replace(ask.origin(), "Origin: http://localhost:3000\r\n"),
                good.replace(ask.origin(), "Origin: https://localhost:" + server.port() + "\r\n"),
                good.replace(ask.origin(), "Origin: null\r\n"),
                good.replace(ask.origin(), ""),
                good.replace("X-Tunnel-Inspector: 1\r\n", ""),
                good.replace("same-origin", "same-site"),
                good.replace("same-origin", "cross-site"),
                good.replace("same-origin", "none"),
                ask.host() + ask.bearer() + "Origin: http://attacker.example\r\n")) {
            assertThat(ask.raw("DELETE " + LIST, bad, "").status()).as(bad).isEqualTo(403);
            assertThat(ask.raw("POST " + LIST + "/1/replay", bad, "").status()).as(bad).isEqualTo(403);
        }
        assertThat(ids("")).hasSize(3);
        assertThat(ask.raw("DELETE " + LIST, good, "").status()).isEqualTo(204);
        assertThat(ids("")).isEmpty();
    }

    @Test
    void otherPagesCannotReadEither() throws IOException {
        for (String fields : List.of("Origin: http://localhost:3000\r\n", "Sec-Fetch-Site: same-site\r\n", "Sec-Fetch-Site: cross-site\r\n")) {
            assertThat(ask.raw("GET " + LIST, ask.host() + ask.cookie() + fields, "").status()).isEqualTo(403);
        }
        assertThat(ask.raw("GET " + LIST, ask.host() + ask.cookie() + "Sec-Fetch-Site: none\r\n", "").status()).isEqualTo(200);
    }

    @Test
    void allAnswersForbidWhatAPageDoesNotNeed() throws IOException {
        for (String path : List.of("/", "/nothing", LIST, "/api/nothing")) {
            assertThat(ask.get(path).head().toLowerCase(Locale.ROOT))
                    .contains("cache-control: no-store", "x-content-type-options: nosniff", "referrer-policy: no-referrer",
                            "content-security-policy: default-src 'none'; script-src 'self';", "frame-ancestors 'none'")
                    .doesNotContain("access-control");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/../Inspector.class", "/%2e%2e/Inspector.class", "/web/Access.class", "/index.html", "/inspector.css.map", "//inspector.css"})
    void onlyThePagesOwnFilesAreThere(String path) throws IOException {
        assertThat(ask.get(path).status()).isIn(400, 404);
    }

    // ---- what is there

    @Test
    void theNewestComeFirstPageByPage() throws IOException {
        exchanges();

        assertThat(ids("")).containsExactly(3L, 2L, 1L);
        Asking.Answered page = ask.get(LIST + "?limit=2");
        assertThat(page.object()).containsEntry("more", true).containsEntry("total", 3L).containsEntry("missed", 0L);
        assertThat(ids("?limit=2&before=2")).containsExactly(1L);
        assertThat(ask.get(LIST + "?before=2").object()).containsEntry("more", false);
        assertThat(ask.get(LIST).list("requests").getLast())
                .containsEntry("method", "GET")
                .containsEntry("path", "/first?q=1")
                .containsEntry("status", 200L)
                .containsEntry("state", "complete")
                .containsEntry("kind", "http")
                .containsEntry("failure", null)
                .containsEntry("tunnel", "web")
                .containsEntry("visitor", "203.0.113.9")
                .containsEntry("type", "text/plain")
                .containsEntry("responseBytes", 6L);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "q=needle | 3,1", "q=NEEDLE&method=get | 3,1", "q=x-reason | 3", "q=%7B%22a%22 | 2", "q=%C3%BCml | ''", "q=nothing | ''",
        "method=POST | 2", "status=404 | 2", "status=5xx | 3", "status=4xx%7C5xx | 3,2", "tunnel=web | 3,2,1", "tunnel=other | ''",
        "q=b.example | 3", "q=404 | 2"})
    void theyAreFoundByWhatIsInThem(String query, String found) throws IOException {
        exchanges();

        assertThat(String.join(",", ids("?" + query.strip()).stream().map(String::valueOf).toList())).isEqualTo(found.strip());
    }

    @ParameterizedTest
    @CsvSource({"?status=abc, 400", "?limit=x, 400", "/x, 404", "/9, 404", "/1/nothing, 404", "?q=%zz, 400"})
    void whatCannotBeAnsweredIsSaidInASentence(String path, int status) throws IOException {
        exchanges();
        Asking.Answered answered = ask.get(LIST + path);

        assertThat(answered.status()).isEqualTo(status);
        assertThat(status == 400 && path.contains("%") ? "." : String.valueOf(answered.object().get("error"))).endsWith(".");
    }

    @Test
    void oneHasItsHeadsBodiesTimesAndACommand() throws IOException {
        exchanges();
        Map<String, Object> one = ask.get(LIST + "/1").object();

        assertThat(String.valueOf(one.get("request")))
                .contains("headers=[[Host, a.example], [X-Note, ").contains("version=1.1").contains("bytes=0");
        assertThat(String.valueOf(one.get("response"))).contains("status=200", "reason=OK", "text=needle", "base64=null");
        assertThat(String.valueOf(one.get("timings"))).contains("edgeMicros=700", "queueMicros=", "localMicros=", "bodyMicros=");
        assertThat(String.valueOf(one.get("curl"))).startsWith("curl ").contains("'http://a.example/first?q=1'");
        assertThat(String.valueOf(ask.get(LIST + "/3").object().get("masked"))).isEqualTo("[Cookie]");
    }

    @Test
    void statusSaysHowTheClientIs() throws IOException {
        ClientEvents.Shown tunnel = new ClientEvents.Shown(1, "web", TunnelProtocol.HTTP, "http://localhost:4000", List.of("http://a.example"));
        state.events().online();
        state.events().ready(tunnel);
        state.events().localDown(tunnel, "connection refused");

        assertThat(ask.get("/api/status").object())
                .containsEntry("session", "online")
                .containsEntry("server", "tunnel.example.com:7000")
                .containsEntry("version", "1.2.3")
                .containsEntry("memoryLimit", 67108864L);
        assertThat(ask.get("/api/status").list("tunnels").getFirst())
                .containsEntry("down", "connection refused")
                .containsEntry("local", "http://localhost:4000")
                .containsEntry("protocol", "http");
        state.events().lost("it is gone");
        assertThat(ask.get("/api/status").object()).containsEntry("session", "lost").containsEntry("why", "it is gone");
    }

    @Test
    void eventsComeAsTheyHappenAndTogether() throws Exception {
        try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), server.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write(("GET /api/events HTTP/1.1\r\n" + ask.host() + ask.bearer() + "\r\n").getBytes(UTF_8));
            BufferedReader lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
            assertThat(until(lines, "event: status")).isNotEmpty();
            CaptureScene told = scene;
            tellsEvents(told);

            assertThat(until(lines, "data: ")).contains("\"session\":\"connecting\"");
            assertThat(until(lines, "event: ")).isEqualTo("event: exchange");
            assertThat(until(lines, "data: ")).contains("\"path\":\"/first?q=1\"");
            ask.raw("DELETE " + LIST, ask.host() + ask.bearer(), "");
            assertThat(until(lines, "event: cleared")).isNotEmpty();
        }
    }

    private void tellsEvents(CaptureScene told) {
        exchanges();
        told.told().values().forEach(state.events()::exchange);
    }

    private static String until(BufferedReader lines, String beginning) throws IOException {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith(beginning)) {
                return line;
            }
        }
        throw new IOException("it ended before " + beginning);
    }

    /// Beyond what a page reads in its turns only the newest are kept for it.
    @Test
    void aPageThatDoesNotReadHoldsNobodyUpAndOneThatIsGoneIsForgotten() throws Exception {
        exchanges();
        try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), server.port())) {
            socket.setReceiveBufferSize(1);
            socket.getOutputStream()
                    .write(("GET /api/events HTTP/1.1\r\n" + ask.host() + ask.bearer() + "\r\n").getBytes(UTF_8));
            await().atMost(CaptureScene.PATIENCE).until(() -> server.pages() == 1);
            long began = System.nanoTime();
            for (int i = 0; i < 100_000; i++) {
                scene.told().values().forEach(state.events()::exchange);
            }
            assertThat((System.nanoTime() - began) / 1_000_000).isLessThan(5000);
        }
        await().atMost(CaptureScene.PATIENCE).until(() -> {
            scene.told().values().forEach(state.events()::exchange);
            return server.pages() == 0;
        });
    }

    @Test
    void whatListensAtOneAddressIsPrintedAsThatOne() throws IOException {
        InspectServer.Shown shown = new InspectServer.Shown("1", "a", new Store(Store.Bounds.DEFAULT), new LocalReplays(Capture::off));
        try (InspectServer one = InspectServer.start("127.0.0.1", 0, shown, new InspectServer.State(shown))) {
            assertThat(one.url()).startsWith("http://127.0.0.1:" + one.port() + "/?token=");
        }
    }

    @Test
    void aPortThatIsTakenIsPassedOver() throws IOException {
        InspectServer.Shown shown = new InspectServer.Shown("1", "a", new Store(Store.Bounds.DEFAULT), new LocalReplays(Capture::off));
        try (InspectServer next = InspectServer.start("localhost", server.port(), shown, new InspectServer.State(shown))) {
            assertThat(next.port()).isBetween(server.port() + 1, server.port() + 100);
            assertThat(next.token()).isNotEqualTo(server.token());
            assertThat(new Asking(next.port(), server.token()).get(LIST).status()).isEqualTo(401);
        }
    }
}
