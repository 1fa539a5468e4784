package tunnel.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tunnel.fixture.LeakCheck;
import tunnel.protocol.EdgeOptions;

/// What a Host, or none, leads to over a socket.
@Timeout(60)
@ExtendWith(LeakCheck.class)
class HttpRoutingTest {
    private static final EdgeOptions CUSTOM_HOST = new EdgeOptions(
            List.of("www.example.org"), List.of(), List.of(), List.of(), 0, 0, Duration.ZERO, "", List.of(), List.of());

    private static HttpAnswer answer(HttpScene scene, String request) throws IOException {
        try (Peer visitor = scene.visitor()) {
            HttpAnswer answer = HttpAnswer.read(visitor.send(request));
            assertThat(answer.head()).contains("\r\nconnection: close\r\n");
            assertThat(visitor.read()).isEqualTo(-1);
            return answer;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /any/path HTTP/1.1\r\nHost: LOCALHOST.:8080\r\n\r\n",
        "GET / HTTP/1.0\r\n\r\n"
    })
    void bareDomainSaysWhatThisIsAndReachesNobody(String request) throws Exception {
        try (HttpOrigin origin = HttpOrigin.naming();
                HttpScene scene = HttpScene.of(origin.port())) {
            HttpAnswer page = answer(scene, request);

            assertThat(page.status()).isEqualTo(200);
            assertThat(page.text()).contains("http://NAME.localhost:" + scene.server().httpPort());
            assertThat(origin.connections()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"www.example.org", "WWW.Example.org", "www.example.org.", "www.example.org:8080"})
    void customHostLeadsToItsTunnel(String host) throws Exception {
        try (HttpOrigin origin = HttpOrigin.naming();
                HttpScene scene = HttpScene.of(origin.port(), CUSTOM_HOST)) {
            assertThat(scene.ask(HttpAnswer.get(host, "/x")).text()).isEqualTo("1 /x");
            assertThat(origin.next().field("Host")).isEqualTo(host);
            assertThat(scene.ask(scene.get("/by-name")).text()).endsWith(" /by-name");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"example.org", "a.www.example.org", "www.example.orgx"})
    void hostBesideACustomOneLeadsNowhere(String host) throws Exception {
        try (HttpOrigin origin = HttpOrigin.naming();
                HttpScene scene = HttpScene.of(origin.port(), CUSTOM_HOST)) {
            assertThat(answer(scene, HttpAnswer.get(host, "/")).status()).isEqualTo(404);
            assertThat(origin.connections()).isZero();
        }
    }

    @Test
    void methodOfAnyNameGoesOn() throws Exception {
        String method = "X-" + "LONG".repeat(60);
        try (HttpOrigin origin = HttpOrigin.naming();
                HttpScene scene = HttpScene.of(origin.port())) {
            assertThat(scene.ask(scene.request(method + " /", "")).status()).isEqualTo(200);
            assertThat(origin.next().method()).isEqualTo(method);
            assertThat(answer(scene, scene.request("X".repeat(257) + " /", "")).status()).isEqualTo(501);
        }
    }
}
