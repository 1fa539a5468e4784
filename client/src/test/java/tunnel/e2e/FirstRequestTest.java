package tunnel.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tunnel.fixture.LeakCheck;
import tunnel.server.TunnelServer;

@ExtendWith(LeakCheck.class)
class FirstRequestTest {
    @Test
    void aRequestReachesTheLocalServiceByNameAndByPort() throws Exception {
        try (World world = new World()) {
            HttpServer origin = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            origin.createContext("/", exchange -> {
                byte[] body = ("hello " + exchange.getRequestURI()).getBytes(UTF_8);
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
                exchange.close();
            });
            origin.start();
            world.closing(() -> origin.stop(0));
            TunnelServer server = world.server();
            World.Client client = world.http(server, origin.getAddress().getPort(), "blue-otter");

            assertThat(client.lines())
                    .containsExactly(
                            "http://blue-otter.localhost:%d -> http://localhost:%d"
                                    .formatted(server.httpPort(), origin.getAddress().getPort()),
                            "http://localhost:%d -> http://localhost:%d"
                                    .formatted(client.port(), origin.getAddress().getPort()));
            assertThat(get("http://localhost:" + client.port() + "/by-port")).isEqualTo("hello /by-port");
        }
    }

    private static String get(String url) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString()).body();
        }
    }
}
