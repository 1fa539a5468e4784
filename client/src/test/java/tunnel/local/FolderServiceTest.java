package tunnel.local;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tunnel.fixture.LeakCheck;
import tunnel.net.Transport;

@ExtendWith(LeakCheck.class)
class FolderServiceTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @TempDir
    private Path temporary;

    private Path folder = Path.of("");
    private FolderService service;

    @BeforeEach
    void fillAndStart() throws IOException {
        folder = Files.createDirectory(temporary.toRealPath().resolve("site"));
        write("hello.txt", "0123456789");
        write("docs/index.html", "<h1>docs</h1>");
        write("docs/a & <b>.md", "# a");
        write(".env", "SECRET");
        write(".git/config", "SECRET");
        write("sub/ü/%41.js", "1");
        Files.writeString(temporary.resolve("outside.txt"), "SECRET");
        Files.setLastModifiedTime(folder.resolve("hello.txt"), FileTime.from(Instant.parse("2025-03-04T05:06:07.89Z")));
        service = FolderService.start(folder);
    }

    @AfterEach
    void stop() {
        service.close();
        service.close();
    }

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    /// The whole answer to a request on a connection of its own.
    private String raw(String request) throws IOException {
        try (Transport connection = service.dial(PATIENCE)) {
            connection.write(ByteBuffer.wrap(request.getBytes(UTF_8)));
            ByteBuffer answer = ByteBuffer.allocate(1 << 20);
            while (connection.read(answer) >= 0) {}
            return new String(answer.array(), 0, answer.position(), ISO_8859_1);
        }
    }

    private String ask(String method, String path, String... fields) throws IOException {
        String more = fields.length == 0 ? "" : String.join("\r\n", fields) + "\r\n";
        return raw(method + " " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + more + "\r\n");
    }

    private String get(String path, String... fields) throws IOException {
        return ask("GET", path, fields);
    }

    private static int status(String answer) {
        return Integer.parseInt(answer.substring(9, 12));
    }

    private static String body(String answer) {
        return answer.substring(answer.indexOf("\r\n\r\n") + 4);
    }

    @Test
    void servesAFile() throws IOException {
        String answer = get("/hello.txt?v=1");

        assertThat(status(answer)).isEqualTo(200);
        assertThat(body(answer)).isEqualTo("0123456789");
        assertThat(answer.toLowerCase(Locale.ROOT))
                .contains("\r\ncontent-type: text/plain; charset=utf-8\r\n")
                .contains("\r\ncontent-length: 10\r\n")
                .contains("\r\nlast-modified: tue, 04 mar 2025 05:06:07 gmt\r\n")
                .contains("\r\nx-content-type-options: nosniff\r\n")
                .contains("\r\naccept-ranges: bytes\r\n")
                .contains("\r\netag: \"");
    }

    @Test
    void servesSeveralRequestsOfOneConnection() throws IOException {
        String head = " HTTP/1.1\r\nHost: x\r\n";
        String answers = raw(String.join(
                head + "\r\n", "GET /hello.txt", "HEAD /hello.txt", "GET /none", "GET /docs/" + head + "Connection: close\r\n\r\n"));

        assertThat(answers.split("HTTP/1\\.1 ", -1)).hasSize(5);
        assertThat(answers).endsWith("<h1>docs</h1>");
    }

    @Test
    void anEmptyFileIsServedToo() throws IOException {
        write("empty.css", "");

        assertThat(status(get("/empty.css"))).isEqualTo(200);
        assertThat(body(get("/empty.css"))).isEmpty();
        assertThat(get("/empty.css").toLowerCase(Locale.ROOT)).contains("content-length: 0");
        assertThat(status(get("/empty.css", "Range: bytes=0-"))).isEqualTo(416);
    }

    @Test
    void headHasTheLengthAndNoBody() throws IOException {
        String answer = ask("HEAD", "/hello.txt");

        assertThat(status(answer)).isEqualTo(200);
        assertThat(answer.toLowerCase(Locale.ROOT)).contains("\r\ncontent-length: 10\r\n").endsWith("\r\n\r\n");
        assertThat(body(ask("HEAD", "/"))).isEmpty();
        assertThat(body(ask("HEAD", "/none"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "PATCH", "PROPFIND", "get"})
    void canOnlyBeRead(String method) throws IOException {
        String answer = ask(method, "/hello.txt");

        assertThat(status(answer)).isEqualTo(405);
        assertThat(answer).contains("\r\nAllow: GET, HEAD\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/../outside.txt", "/docs/../../outside.txt", "/%2e%2e/outside.txt", "/%2E%2E%2Foutside.txt", "/..%2foutside.txt",
                "/%2e%2e%2foutside.txt", "/docs/..%5c..%5coutside.txt", "/hello.txt%00", "/hello.txt%00.html", "/.env", "/.git/config",
                "/.git/", "/%2egit/config", "/docs/../.env", "/./hello.txt", "/hello.txt/", "/hello.txt/x", "/%2fetc/passwd",
                "//etc/passwd", "///etc/passwd", "/%ff", "/%c0%ae%c0%ae/outside.txt", "/none", "/docs%2findex.html", "/...", "/%0d%0a"
            })
    void nothingOutsideOrHiddenIsServed(String path) throws IOException {
        String answer = get(path);

        assertThat(status(answer)).isEqualTo(404);
        assertThat(answer).doesNotContain("SECRET").doesNotContain("root:");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/\\..\\outside.txt", "/%zz", "/%", "/a b", "*", "hello.txt", "http://[", "/\u0001"})
    void whatIsNoPathIsRefused(String path) throws IOException {
        String answer = get(path);

        assertThat(status(answer)).isBetween(400, 404);
        assertThat(answer).doesNotContain("SECRET");
    }

    @Test
    void linksMayLeadWithinTheFolderOnly() throws IOException {
        Files.createSymbolicLink(folder.resolve("inside.txt"), folder.resolve("hello.txt"));
        Files.createSymbolicLink(folder.resolve("outside.txt"), temporary.resolve("outside.txt"));
        Files.createSymbolicLink(folder.resolve("up"), temporary);
        Files.createSymbolicLink(folder.resolve("visible"), folder.resolve(".env"));
        Files.createSymbolicLink(folder.resolve("loop"), folder.resolve("loop"));

        assertThat(body(get("/inside.txt"))).isEqualTo("0123456789");
        for (String path : new String[] {"/outside.txt", "/up/", "/up/outside.txt", "/visible", "/loop"}) {
            assertThat(status(get(path))).as(path).isEqualTo(404);
        }
        assertThat(body(get("/"))).contains("inside.txt").doesNotContain("outside", "up", "visible", "loop");
    }

    @Test
    void aNameThatBeginsLikeTheFolderIsNotInIt() throws IOException {
        Files.createDirectory(temporary.resolve("site-other"));
        Files.writeString(temporary.resolve("site-other/x"), "SECRET");
        Files.createSymbolicLink(folder.resolve("other"), temporary.resolve("site-other"));

        assertThat(status(get("/other/x"))).isEqualTo(404);
    }

    @Test
    void aFolderIsItsIndexOrAList() throws IOException {
        assertThat(body(get("/docs/"))).isEqualTo("<h1>docs</h1>");
        String list = body(get("/"));
        assertThat(list)
                .contains("<a href=\"docs/\">docs/</a>", "<a href=\"sub/\">sub/</a>", "<a href=\"hello.txt\">hello.txt</a>")
                .doesNotContain(".env", ".git", "../");
        assertThat(list.indexOf("sub/")).isLessThan(list.indexOf("hello.txt"));
    }

    @Test
    void namesInAListAreEscapedAndTheirLinksLeadThere() throws IOException {
        Files.delete(folder.resolve("docs/index.html"));
        write("docs/javascript:alert(1)", "j");

        String list = new String(body(get("/docs/")).getBytes(ISO_8859_1), UTF_8);
        assertThat(list)
                .contains("<a href=\"a%20%26%20%3Cb%3E.md\">a &amp; &lt;b&gt;.md</a>", "<a href=\"../\">../</a>")
                .contains("href=\"javascript%3Aalert%281%29\"")
                .doesNotContain("<b>");
        assertThat(body(get("/docs/a%20%26%20%3Cb%3E.md"))).isEqualTo("# a");
        assertThat(body(get("/sub/%C3%BC/%2541.js"))).isEqualTo("1");
    }

    @Test
    void aFolderWithoutItsSlashIsRedirected() throws IOException {
        assertThat(get("/docs?a=b")).startsWith("HTTP/1.1 301 ").contains("\r\nLocation: /docs/?a=b\r\n");
        assertThat(get("/sub/%C3%BC")).startsWith("HTTP/1.1 301 ").contains("\r\nLocation: /sub/%C3%BC/\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "bytes=0-3, 206, 0123, bytes 0-3/10",
        "bytes=4-, 206, 456789, bytes 4-9/10",
        "bytes=-3, 206, 789, bytes 7-9/10",
        "bytes=-99, 206, 0123456789, bytes 0-9/10",
        "bytes=8-99999999999999999999999, 206, 89, bytes 8-9/10",
        "Bytes=9-9, 206, 9, bytes 9-9/10",
        "bytes=10-, 416, '', bytes */10",
        "bytes=-0, 416, '', bytes */10",
        "'bytes=0-1,3-4', 200, 0123456789, ''",
        "bytes=3-1, 200, 0123456789, ''",
        "bytes=-, 200, 0123456789, ''",
        "lines=1-2, 200, 0123456789, ''",
        "bytes=a-b, 200, 0123456789, ''",
    })
    void answersARange(String range, int status, String part, String contentRange) throws IOException {
        String answer = get("/hello.txt", "Range: " + range);

        assertThat(status(answer)).isEqualTo(status);
        assertThat(answer).containsIgnoringCase(contentRange.isEmpty() ? "" : "\r\nContent-range: " + contentRange + "\r\n");
        if (status != 416) {
            assertThat(body(answer)).isEqualTo(part);
        }
    }

    @Test
    void aRangeOfAnotherVersionIsAnsweredWithTheWhole() throws IOException {
        String tag = tag();

        assertThat(status(get("/hello.txt", "Range: bytes=0-3", "If-Range: " + tag))).isEqualTo(206);
        assertThat(status(get("/hello.txt", "Range: bytes=0-3", "If-Range: \"other\""))).isEqualTo(200);
        assertThat(status(get("/hello.txt", "Range: bytes=0-3", "If-Range: Tue, 04 Mar 2025 05:06:07 GMT"))).isEqualTo(206);
        assertThat(status(get("/hello.txt", "Range: bytes=0-3", "If-Range: Tue, 04 Mar 2025 05:06:08 GMT"))).isEqualTo(200);
    }

    private String tag() throws IOException {
        return get("/hello.txt").lines().filter(line -> line.toLowerCase(Locale.ROOT).startsWith("etag: "))
                .findFirst().orElseThrow().substring(6);
    }

    @Test
    void whatHasNotChangedIsNotSentAgain() throws IOException {
        String tag = tag();

        assertThat(status(get("/hello.txt", "If-None-Match: \"a\", W/" + tag))).isEqualTo(304);
        assertThat(status(get("/hello.txt", "If-None-Match: *"))).isEqualTo(304);
        assertThat(status(get("/hello.txt", "If-Modified-Since: Tue, 04 Mar 2025 05:06:07 GMT"))).isEqualTo(304);
        assertThat(status(get("/hello.txt", "If-Modified-Since: Tue, 04 Mar 2025 05:06:06 GMT"))).isEqualTo(200);
        assertThat(status(get("/hello.txt", "If-Modified-Since: yesterday"))).isEqualTo(200);
        assertThat(status(get("/hello.txt", "If-None-Match: \"a\"", "If-Modified-Since: Tue, 04 Mar 2025 05:06:07 GMT")))
                .isEqualTo(200);
        write("hello.txt", "9876543210");
        assertThat(status(get("/hello.txt", "If-None-Match: " + tag))).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "a.HTML, text/html; charset=utf-8", "a.wasm, application/wasm", "a.mjs, text/javascript; charset=utf-8",
        "a.svg, image/svg+xml", "a.woff2, font/woff2", "a.avif, image/avif", "a.js.map, application/json",
        "a.webmanifest, application/manifest+json", "md, text/plain; charset=utf-8", "a.exe, application/octet-stream",
        "noextension, application/octet-stream"
    })
    void tellsTheTypeOfTheContent(String name, String type) throws IOException {
        write(name, "x");
        assertThat(get("/" + name)).containsIgnoringCase("\r\nContent-Type: " + type + "\r\n");
    }

    @Test
    void aStrangerOnThisMachineIsNotAnswered() throws IOException {
        try (Transport ours = service.dial(PATIENCE);
                Socket stranger = new Socket(InetAddress.getLoopbackAddress(), service.port())) {
            stranger.getOutputStream().write("GET /hello.txt HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(UTF_8));
            String answer = new String(stranger.getInputStream().readAllBytes(), UTF_8);

            assertThat(ours.isOpen()).isTrue();
            assertThat(status(answer)).isEqualTo(403);
            assertThat(answer).doesNotContain("0123456789");
        }
    }

    @Test
    void aStrangerWithOurPortAtAnotherAddressIsAStranger() throws IOException {
        try (Transport ours = service.dial(PATIENCE);
                Socket stranger = new Socket()) {
            int port = ((InetSocketAddress) service.letIn().getFirst()).getPort();
            stranger.bind(new InetSocketAddress("127.0.0.2", port));
            stranger.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), service.port()));
            stranger.getOutputStream().write("GET /hello.txt HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(UTF_8));

            assertThat(ours.isOpen()).isTrue();
            assertThat(status(new String(stranger.getInputStream().readAllBytes(), UTF_8))).isEqualTo(403);
        } catch (BindException e) {
            Assumptions.abort("there is no 127.0.0.2 here");
        }
    }

    @Test
    void aPortThatWasOursAndIsGivenToAStrangerIsAStrangers() throws IOException {
        int port;
        try (Transport ours = service.dial(PATIENCE)) {
            ours.write(ByteBuffer.wrap("GET /none HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".getBytes(UTF_8)));
            port = ((InetSocketAddress) service.letIn().getFirst()).getPort();
            while (ours.read(ByteBuffer.allocate(1000)) >= 0) {} // the service closes first, so the port is free at once
        }
        try (Socket stranger = new Socket()) {
            stranger.setReuseAddress(true);
            stranger.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            stranger.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), service.port()));
            stranger.getOutputStream().write("GET /hello.txt HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(UTF_8));
            assertThat(status(new String(stranger.getInputStream().readAllBytes(), UTF_8))).isEqualTo(403);
        } catch (BindException e) {
            Assumptions.abort("the port is not free yet");
        }
    }

    @Test
    void aLargeFileArrivesWhole() throws IOException {
        byte[] large = new byte[900_000];
        new Random(1).nextBytes(large);
        Files.write(folder.resolve("large.bin"), large);

        assertThat(body(get("/large.bin")).getBytes(ISO_8859_1)).isEqualTo(large);
        assertThat(body(get("/large.bin", "Range: bytes=100000-799999")).getBytes(ISO_8859_1))
                .isEqualTo(Arrays.copyOfRange(large, 100_000, 800_000));
    }
}
