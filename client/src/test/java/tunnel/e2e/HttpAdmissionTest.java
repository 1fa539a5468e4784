package tunnel.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import tunnel.fixture.LeakCheck;
import tunnel.net.Cidr;
import tunnel.protocol.EdgeOptions;
import tunnel.protocol.EdgeOptions.Credential;
import tunnel.protocol.EdgeOptions.FieldEdit;

/// Whom a tunnel lets in, and that nothing of anybody else reaches the local service.
@Timeout(60)
@ExtendWith(LeakCheck.class)
class HttpAdmissionTest {
    private static final String ANN = "Authorization: Basic YW5uOnNlY3JldA==\r\n"; // ann:secret
    private static final String ASKING = "Origin: https://app.example\r\nAccess-Control-Request-Method: PUT\r\n";

    private HttpOrigin origin;

    @BeforeEach
    void open() throws Exception {
        origin = HttpOrigin.naming();
    }

    @AfterEach
    void close() throws Exception {
        origin.close();
    }

    private static EdgeOptions addresses(List<Cidr> allow, List<Cidr> deny, int rate) {
        return new EdgeOptions(
                List.of(), List.of(), allow, deny, 0, rate, Duration.ZERO, "", List.of(), List.of());
    }

    private static EdgeOptions password(FieldEdit... edits) {
        List<Credential> ann = List.of(Credential.of("ann", "secret"));
        return new EdgeOptions(
                List.of(), ann, List.of(), List.of(), 0, 0, Duration.ZERO, "", List.of(edits), List.of());
    }

    private static int from(HttpScene scene, String address) throws IOException {
        return scene.ask(scene.request("GET /", "X-Forwarded-For: " + address + "\r\n")).status();
    }

    @Test
    void onlyAllowedAddressesComeIn() throws Exception {
        try (HttpScene scene = HttpScene.of(origin.port(), addresses(List.of(Cidr.parse("127.0.0.0/8")), List.of(), 0))) {
            assertThat(scene.ask(scene.get("/")).status()).isEqualTo(200);
        }
        assertThat(origin.next().target()).isEqualTo("/");
        try (HttpScene scene = HttpScene.of(origin.port(), addresses(List.of(Cidr.parse("10.0.0.0/8")), List.of(), 0))) {
            assertThat(scene.ask(scene.get("/")).status()).isEqualTo(403);
            assertThat(from(scene, "10.0.0.1")).as("nobody's word is taken for an address").isEqualTo(403);
        }
        assertThat(origin.unread()).isZero();
    }

    @Test
    void behindATrustedProxyTheVisitorsAddressCounts() throws Exception {
        List<Cidr> allow = List.of(Cidr.parse("203.0.113.0/24"));
        List<Cidr> deny = List.of(Cidr.parse("203.0.113.9/32"));
        try (HttpScene scene = HttpScene.behindProxy(origin.port(), addresses(allow, deny, 0))) {
            assertThat(from(scene, "203.0.113.8")).isEqualTo(200);
            assertThat(origin.next().field("X-Forwarded-For")).startsWith("203.0.113.8");
            assertThat(from(scene, "203.0.113.9")).isEqualTo(403);
            assertThat(from(scene, "203.0.113.8, 203.0.113.9")).as("the last one is the proxy's word").isEqualTo(403);
            assertThat(from(scene, "198.51.100.1")).isEqualTo(403);
            assertThat(scene.ask(scene.get("/")).status()).as("the proxy itself").isEqualTo(403);
        }
        assertThat(origin.unread()).isZero();
    }

    @Test
    void behindATrustedProxyEachVisitorHasItsOwnRate() throws Exception {
        try (HttpScene scene = HttpScene.behindProxy(origin.port(), addresses(List.of(), List.of(), 1))) {
            int status = 200;
            int asked = 0;
            while (status == 200 && asked++ < 50) {
                status = from(scene, "203.0.113.1");
            }
            assertThat(status).isEqualTo(429);
            assertThat(from(scene, "203.0.113.2")).isEqualTo(200);
            assertThat(origin.unread()).isEqualTo(asked);
        }
    }

    @Test
    void passwordForTheEdgeStaysThere() throws Exception {
        try (HttpScene scene = HttpScene.of(origin.port(), password())) {
            assertThat(scene.ask(scene.request("GET /", ANN)).status()).isEqualTo(200);
            assertThat(origin.next().field("Authorization")).isEqualTo("(none)");
        }
        try (HttpScene scene = HttpScene.of(origin.port())) {
            assertThat(scene.ask(scene.request("GET /", ANN)).status()).isEqualTo(200);
            assertThat(origin.next().field("Authorization")).as("without --basic-auth").isEqualTo("Basic YW5uOnNlY3JldA==");
        }
    }

    @Test
    void preflightPassesUntouched() throws Exception {
        FieldEdit[] edits = {
            new FieldEdit("X-Auth-User", "ann"), new FieldEdit("Origin", "http://localhost"), new FieldEdit("X-Gone", "")
        };
        try (HttpScene scene = HttpScene.of(origin.port(), password(edits))) {
            String forged = "X-Auth-User: eve\r\nX_Auth_User: eve\r\nAccess-Control-Request-Headers: x-auth-user\r\n";
            assertThat(scene.ask(scene.request("OPTIONS /", ASKING + forged)).status()).isEqualTo(200);

            HttpOrigin.Request preflight = origin.next();
            assertThat(preflight.field("Origin")).isEqualTo("https://app.example");
            assertThat(preflight.field("Access-Control-Request-Method")).isEqualTo("PUT");
            assertThat(preflight.field("Access-Control-Request-Headers")).isEqualTo("x-auth-user");
            assertThat(preflight.head()).doesNotContain(": eve", "X-Auth-User: ann"); // a request id may have eve in it
            assertThat(scene.ask(scene.request("PUT /", ANN + "Origin: https://app.example\r\n")).status()).isEqualTo(200);
            assertThat(origin.next().head()).as("any other").contains("X-Auth-User: ann", "Origin: http://localhost\r\n");
        }
    }

    @Test
    void whatIsNoPreflightNeedsThePassword() throws Exception {
        try (HttpScene scene = HttpScene.of(origin.port(), password())) {
            for (String request : List.of(
                    scene.request("OPTIONS /", ASKING + "Content-Length: 1\r\n") + "x",
                    scene.request("OPTIONS /", ASKING + "Transfer-Encoding: chunked\r\n") + "0\r\n\r\n",
                    scene.request("OPTIONS /", "Origin: https://app.example\r\n"),
                    scene.request("OPTIONS /", "Access-Control-Request-Method: PUT\r\n"),
                    scene.request("GET /", ASKING),
                    scene.request("options /", ASKING))) {
                assertThat(scene.ask(request).status()).as(request).isEqualTo(401);
            }
        }
        assertThat(origin.connections()).isZero();
    }
}
