package tunnel.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tunnel.fixture.LeakCheck;
import tunnel.local.Local;
import tunnel.local.TlsService;
import tunnel.net.HostPort;

/// A tunnel to a folder, and one to an app under TLS.
@Timeout(60)
@ExtendWith(LeakCheck.class)
class HttpLocalTest {
    @TempDir
    private static Path folder;

    @Test
    void folderIsReadThroughATunnelAndNothingOutsideIt() throws Exception {
        Path served = Files.createDirectory(folder.resolve("served"));
        Files.writeString(served.resolve("index.html"), "<h1>hello</h1>");
        Files.writeString(served.resolve("numbers.txt"), "0123456789");
        Files.writeString(folder.resolve("secret.txt"), "secret");
        try (HttpScene scene = HttpScene.of(new Local.Folder(served.toRealPath()));
                Peer visitor = scene.visitor()) {
            assertThat(HttpAnswer.read(visitor.send(scene.get("/"))).text()).isEqualTo("<h1>hello</h1>");
            HttpAnswer range = HttpAnswer.read(visitor.send(scene.request("GET /numbers.txt", "Range: bytes=2-4\r\n")));
            assertThat(range.status()).isEqualTo(206);
            assertThat(range.text()).isEqualTo("234");
            for (String target : new String[] {"/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt"}) {
                HttpAnswer answer = scene.ask(scene.get(target));
                assertThat(answer.status()).as(target).isIn(400, 404);
                assertThat(answer.text()).doesNotContain("secret");
            }
            assertThat(scene.ask(scene.post("/numbers.txt", "x")).status()).isEqualTo(405);
        }
    }

    @Test
    void appUnderTlsIsReachedThroughATunnel() throws Exception {
        HttpsServer app = HttpsServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        app.setHttpsConfigurator(new HttpsConfigurator(tls()));
        app.createContext("/", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        app.start();
        Local local = new Local.Service(
                new HostPort("localhost", app.getAddress().getPort()), Local.Security.ANY_CERTIFICATE);
        try (HttpScene scene = HttpScene.of(local);
                Peer visitor = scene.visitor()) {
            String body = "x".repeat(300_000);
            for (int i = 0; i < 3; i++) {
                assertThat(HttpAnswer.read(visitor.send(scene.post("/", body))).text()).isEqualTo(body);
            }
        } finally {
            app.stop(0);
        }
    }

    @Test
    void appWhoseCertificateIsNotTrustedIsABadGateway() throws Exception {
        HttpsServer app = HttpsServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        app.setHttpsConfigurator(new HttpsConfigurator(tls()));
        app.start();
        Local local =
                new Local.Service(new HostPort("localhost", app.getAddress().getPort()), Local.Security.VERIFIED);
        try (HttpScene scene = HttpScene.of(local)) {
            assertThat(scene.ask(scene.get("/")).status()).isEqualTo(502);
        } finally {
            app.stop(0);
        }
    }

    @Test
    void responseThatIsCutOffUnderTlsNeverLooksWhole() throws Exception {
        String head = "HTTP/1.1 200 OK\r\nConnection: close\r\n";
        String toItsEnd = head + "\r\n" + "x".repeat(100_000);
        String withLength = head + "Content-Length: 100000\r\n\r\n" + "x".repeat(100_000);
        assertThat(under(true, toItsEnd)).as("with a farewell").endsWith("x\r\n0\r\n\r\n");
        assertThat(under(false, toItsEnd)).isEqualTo("reset");
        for (int i = 0; i < 8; i++) {
            assertThat(under(false, withLength)).as("it has said its length").endsWith("x".repeat(1000));
        }
    }

    /// What a visitor gets of an app that answers and closes, with TLS's farewell or without.
    private static String under(boolean farewell, String response) throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
                HttpScene scene = HttpScene.of(new Local.Service(
                        new HostPort("localhost", listener.getLocalPort()), Local.Security.ANY_CERTIFICATE));
                Peer visitor = scene.visitor()) {
            visitor.send(scene.request("GET /", "Connection: close\r\n"));
            try (Socket raw = listener.accept()) {
                SSLSocket app = (SSLSocket) tls().getSocketFactory().createSocket(raw, null, false);
                app.getInputStream().read(new byte[2000]);
                app.getOutputStream().write(response.getBytes(ISO_8859_1));
                if (farewell) {
                    app.shutdownOutput();
                }
            }
            return new String(visitor.readAll(), ISO_8859_1);
        } catch (SocketException e) {
            return "reset";
        }
    }

    private static SSLContext tls() throws Exception {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(TlsService.key(Files.createTempDirectory(folder, "key")), "changeit".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }
}
