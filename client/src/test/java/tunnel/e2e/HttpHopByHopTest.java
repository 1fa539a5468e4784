package tunnel.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import tunnel.fixture.LeakCheck;
import tunnel.protocol.EdgeOptions;
import tunnel.protocol.EdgeOptions.FieldEdit;

/// Fields that are between two neighbours alone, and those that a tunnel's owner sets or removes.
@Timeout(60)
@ExtendWith(LeakCheck.class)
class HttpHopByHopTest {
    private static HttpOrigin.Request seen(String fields) throws Exception {
        try (HttpOrigin origin = HttpOrigin.naming();
                HttpScene scene = HttpScene.of(origin.port())) {
            assertThat(scene.ask(scene.request("GET /", fields)).status()).isEqualTo(200);
            return origin.next();
        }
    }

    private static EdgeOptions options(String hostHeader, List<FieldEdit> request, List<FieldEdit> response) {
        return new EdgeOptions(
                List.of(), List.of(), List.of(), List.of(), 0, 0, Duration.ZERO, hostHeader, request, response);
    }

    @Test
    void fieldsForTheNextHopStayBehind() throws Exception {
        HttpOrigin.Request request = seen(String.join(
                "\r\n",
                "Keep-Alive: timeout=5", "Proxy-Connection: keep-alive", "Connection: keep-alive, X-Mine",
                "Connection: ,x-other,", "X-Mine: 1", "X-Other: 2", "x-mine: 3", "X-Stays: 4", "TE: gzip",
                "Upgrade: foo", ""));

        assertThat(request.field("X-Stays")).isEqualTo("4");
        for (String gone : List.of("Keep-Alive", "Proxy-Connection", "Connection", "X-Mine", "X-Other", "TE", "Upgrade")) {
            assertThat(request.field(gone)).as(gone).isEqualTo("(none)");
        }
    }

    @Test
    void visitorThatTakesTrailersIsSaidToDoSo() throws Exception {
        HttpOrigin.Request request = seen("TE: gzip;q=0.5, Trailers\r\nConnection: TE\r\n");

        assertThat(request.field("TE")).isEqualTo("trailers");
        assertThat(request.field("Connection")).isEqualTo("TE");
    }

    @Test
    void switchToHttp2NeverGoesOn() throws Exception {
        HttpOrigin.Request request = seen("Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n");

        assertThat(request.field("Upgrade")).isEqualTo("(none)");
        assertThat(request.field("HTTP2-Settings")).isEqualTo("(none)");
        assertThat(request.field("Connection")).isEqualTo("(none)");
    }

    @Test
    void switchToHttp2IsTakenFromAmongOthers() throws Exception {
        HttpOrigin.Request request = seen("Connection: upgrade\r\nUpgrade: H2C, foo/2\r\nHTTP2-Settings: AAMAAABk\r\n");

        assertThat(request.field("Upgrade")).isEqualTo("foo/2");
        assertThat(request.field("HTTP2-Settings")).isEqualTo("(none)");
    }

    @Test
    void localServicesFieldsForTheNextHopStayBehind() throws Exception {
        try (HttpOrigin origin = HttpOrigin.answering((_, to) -> to.send(
                        String.join(
                                "\r\n",
                                "HTTP/1.1 200 Fine So", "Connection: X-Mine", "X-Mine: 1", "Keep-Alive: timeout=5",
                                "Upgrade: h2c", "Proxy-Connection: close", "X-Stays: 2", "Set-Cookie: a",
                                "Set-Cookie: b", "Content-Length: 2", "", "ok")));
                HttpScene scene = HttpScene.of(origin.port())) {
            HttpAnswer answer = scene.ask(scene.get("/"));

            assertThat(answer.head())
                    .startsWith("http/1.1 200 fine so\r\n")
                    .contains("x-stays: 2\r\n", "set-cookie: a\r\nset-cookie: b\r\n")
                    .doesNotContain("x-mine", "keep-alive", "upgrade", "proxy-connection", "connection");
        }
    }

    @Test
    void ownerSetsAndRemovesRequestFields() throws Exception {
        EdgeOptions options = options(
                "",
                List.of(new FieldEdit("X-Env", "dev"), new FieldEdit("Cookie", ""), new FieldEdit("X-Request-Id", "mine")),
                List.of());
        try (HttpOrigin origin = HttpOrigin.naming();
                HttpScene scene = HttpScene.of(origin.port(), options)) {
            assertThat(scene.ask(scene.request("GET /", "x-env: prod\r\nCookie: a=b\r\nX-Env: test\r\nAccept: x\r\n")).status())
                    .isEqualTo(200);

            HttpOrigin.Request request = origin.next();
            assertThat(request.field("X-Env")).isEqualTo("dev");
            assertThat(request.field("Cookie")).isEqualTo("(none)");
            assertThat(request.field("Accept")).isEqualTo("x");
            assertThat(request.field("X-Request-Id")).isEqualTo("mine");
        }
    }

    @Test
    void ownerSetsAndRemovesResponseFields() throws Exception {
        EdgeOptions options = options(
                "", List.of(), List.of(new FieldEdit("X-Robots-Tag", "noindex"), new FieldEdit("Server", "")));
        try (HttpOrigin origin = HttpOrigin.answering((_, to) -> to.send(String.join(
                "\r\n",
                "HTTP/1.1 103 Early Hints", "Link: x", "", "HTTP/1.1 200 OK", "server: secret", "X-ROBOTS-TAG: all",
                "Content-Length: 0", "", "")));
                HttpScene scene = HttpScene.of(origin.port(), options);
                Peer visitor = scene.visitor()) {
            visitor.send(scene.get("/"));

            assertThat(visitor.head()).isEqualTo("HTTP/1.1 103 Early Hints\r\nLink: x\r\n");
            assertThat(HttpAnswer.read(visitor).head())
                    .contains("x-robots-tag: noindex\r\n")
                    .doesNotContain("secret", "all");
        }
    }

    @Test
    void ownersHostTakesThePlaceOfTheVisitors() throws Exception {
        try (HttpOrigin origin = HttpOrigin.naming();
                HttpScene scene = HttpScene.of(origin.port(), options("app.test:8080", List.of(), List.of()))) {
            assertThat(scene.ask(scene.get("/")).status()).isEqualTo(200);

            HttpOrigin.Request request = origin.next();
            assertThat(request.field("Host")).isEqualTo("app.test:8080");
            assertThat(request.field("X-Forwarded-Host")).isEqualTo(scene.host());
        }
    }
}
