package tunnel.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tunnel.fixture.LeakCheck;

/// Where a body ends, on each side of the edge.
@Timeout(60)
@ExtendWith(LeakCheck.class)
class HttpBodyTest {
    private static final String FORBIDDEN = String.join(
            "\r\n",
            "Host: evil",
            "Content-Length: 3",
            "Transfer-Encoding: chunked",
            "Authorization: Basic x",
            "Content-Type: text/evil",
            "X-Forwarded-For: 1.2.3.4",
            "Connection: close",
            "Set-Cookie: evil",
            "Cookie: evil",
            "Trailer: evil",
            "Content-Encoding: evil",
            "Via: evil",
            "");

    private static HttpOrigin saying(String response) throws Exception {
        return HttpOrigin.answering((_, to) -> to.send(response));
    }

    @ParameterizedTest
    @CsvSource({"HEAD, 200 OK", "GET, 204 No Content", "GET, 304 Not Modified", "HEAD, 404 Not Found", "HEAD, 304 Not Modified"})
    void responseWithoutABodyHasNoneWhateverItsLengthSays(String method, String status) throws Exception {
        try (HttpOrigin origin = HttpOrigin.answering((request, to) -> to.send(
                        request.target().equals("/next")
                                ? HttpAnswer.ok("next")
                                : ("HTTP/1.1 " + status + "\r\nContent-Length: 1000\r\nETag: x\r\n\r\n").getBytes(ISO_8859_1)));
                HttpScene scene = HttpScene.of(origin.port());
                Peer visitor = scene.visitor()) {
            visitor.send(scene.request(method + " /", ""));

            HttpAnswer answer = HttpAnswer.read(visitor, false);
            assertThat(answer.head()).startsWith("http/1.1 " + status.toLowerCase(java.util.Locale.ROOT)).contains("etag: x");
            assertThat(answer.head().contains("content-length")).as("stated").isEqualTo(!status.startsWith("204"));
            assertThat(HttpAnswer.read(visitor.send(scene.get("/next"))).text()).as("goes on").isEqualTo("next");
        }
    }

    @Test
    void chunkedResponseToHeadHasNoBody() throws Exception {
        try (HttpOrigin origin = saying("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                HttpScene scene = HttpScene.of(origin.port());
                Peer visitor = scene.visitor()) {
            for (int i = 0; i < 2; i++) {
                HttpAnswer answer = HttpAnswer.read(visitor.send(scene.request("HEAD /", "")), false);
                assertThat(answer.status()).isEqualTo(200);
            }
            assertThat(origin.connections()).isOne();
        }
    }

    @Test
    void responseToTheEndOfItsConnectionIsChunked() throws Exception {
        try (Origin origin = Origin.serving(to -> {
                    to.head();
                    to.send("HTTP/1.1 200 OK\r\n\r\nto the").send(" end").end();
                    to.readAll();
                });
                HttpScene scene = HttpScene.of(origin.port());
                Peer visitor = scene.visitor()) {
            for (int i = 0; i < 2; i++) {
                HttpAnswer answer = HttpAnswer.read(visitor.send(scene.get("/")));
                assertThat(answer.head()).contains("transfer-encoding: chunked").doesNotContain("connection");
                assertThat(answer.text()).isEqualTo("to the end");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nraw\r\n6\r\n bytes\r\n0\r\nX-T: 1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nraw bytes",
        "HTTP/1.0 200 OK\r\n\r\nraw bytes"
    })
    void visitorOfHttp10GetsRawBytes(String response) throws Exception {
        try (Origin origin = Origin.serving(to -> {
                    to.head();
                    to.send(response).end();
                    to.readAll();
                });
                HttpScene scene = HttpScene.of(origin.port());
                Peer visitor = scene.visitor()) {
            visitor.send("GET / HTTP/1.0\r\nHost: " + scene.host() + "\r\nConnection: keep-alive\r\n\r\n");

            assertThat(visitor.head()).startsWith("HTTP/1.1 200 OK").doesNotContain("chunked").contains("Connection: close");
            assertThat(visitor.readAll()).asString().isEqualTo("raw bytes");
        }
    }

    @Test
    void requestTrailersGoOnButForThoseThatMustNot() throws Exception {
        try (HttpOrigin origin = HttpOrigin.naming();
                HttpScene scene = HttpScene.of(origin.port())) {
            assertThat(scene.ask(scene.request("POST /", "Transfer-Encoding: chunked\r\n")
                                    + "3\r\nabc\r\n0\r\nX-Sum: 7\r\n" + FORBIDDEN + "Digest: z\r\n\r\n")
                            .status())
                    .isEqualTo(200);

            HttpOrigin.Request request = origin.next();
            assertThat(request.body()).isEqualTo("abc");
            assertThat(request.trailers()).isEqualTo("X-Sum: 7\r\nDigest: z\r\n");
        }
    }

    @Test
    void responseTrailersGoOnButForThoseThatMustNot() throws Exception {
        try (HttpOrigin origin = saying("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n3\r\nabc\r\n0\r\n"
                        + FORBIDDEN + "X-Sum: 7\r\n\r\n");
                HttpScene scene = HttpScene.of(origin.port());
                Peer visitor = scene.visitor()) {
            assertThat(visitor.send(scene.get("/")).head()).contains("Trailer: X-Sum");
            Chunks chunks = Chunks.read(visitor);
            assertThat(chunks.data()).isEqualTo("abc");
            assertThat(chunks.trailers()).isEqualTo("X-Sum: 7\r\n");
        }
    }

    @Test
    void manyTrailersGoOn() throws Exception {
        String trailers = ("X-T: " + "t".repeat(300) + "\r\n").repeat(99);
        try (HttpOrigin origin = HttpOrigin.answering((request, to) -> to.send(
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n" + request.trailers() + "\r\n"));
                HttpScene scene = HttpScene.of(origin.port());
                Peer visitor = scene.visitor()) {
            visitor.send(scene.request("POST /", "Transfer-Encoding: chunked\r\n") + "1\r\nx\r\n0\r\n" + trailers + "\r\n");

            assertThat(visitor.head()).startsWith("HTTP/1.1 200");
            assertThat(Chunks.read(visitor).trailers()).isEqualTo(trailers);
        }
    }

    @Test
    void chunkExtensionsAreDroppedBothWays() throws Exception {
        try (Origin origin = Origin.serving(to -> {
                    to.head();
                    assertThat(Chunks.read(to).frames()).isEqualTo("5\r\nhello\r\n0\r\n\r\n");
                    to.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0004;a=b;c=\"d;\\\"\"\r\nfine\r\n0;e\r\n\r\n");
                });
                HttpScene scene = HttpScene.of(origin.port());
                Peer visitor = scene.visitor()) {
            visitor.send(scene.request("POST /", "Transfer-Encoding: Chunked\r\n")
                    + "00005;x;y=\"0 0\"\r\nhello\r\n0;last\r\n\r\n");

            assertThat(visitor.head()).startsWith("HTTP/1.1 200");
            assertThat(Chunks.read(visitor).frames()).isEqualTo("4\r\nfine\r\n0\r\n\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4_000, 65_519, 65_536, 1_000_000})
    void bodiesOfAnySizeComeBackWholeInChunksAndByLength(int size) throws Exception {
        String body = "0123456789abcdef".repeat(size / 16 + 1).substring(0, size);
        try (HttpOrigin origin = HttpOrigin.answering((request, to) -> to.send(
                        request.target().equals("/chunks")
                                ? ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked(request.body())).getBytes(ISO_8859_1)
                                : HttpAnswer.ok(request.body())));
                HttpScene scene = HttpScene.of(origin.port());
                Peer visitor = scene.visitor()) {
            for (int i = 0; i < 3; i++) {
                var sent = visitor.sending(
                        (scene.request("PUT /chunks", "Transfer-Encoding: chunked\r\n") + chunked(body)).getBytes(ISO_8859_1));
                assertThat(HttpAnswer.read(visitor).body()).isEqualTo(body);
                sent.join();
                sent = visitor.sending(scene.post("/length", body).getBytes(ISO_8859_1));
                assertThat(HttpAnswer.read(visitor).body()).isEqualTo(body);
                sent.join();
            }
            assertThat(origin.connections()).isOne();
        }
    }

    /// In chunks of 1 to some 30,000 bytes.
    private static String chunked(String body) {
        StringBuilder chunks = new StringBuilder();
        int size = 1;
        for (int at = 0; at < body.length(); at += size, size = Math.min(size * 5, 30_000)) {
            String chunk = body.substring(at, Math.min(body.length(), at + size));
            chunks.append(Integer.toHexString(chunk.length())).append("\r\n").append(chunk).append("\r\n");
        }
        return chunks.append("0\r\n\r\n").toString();
    }
}
