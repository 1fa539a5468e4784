package tunnel.inspect.mask;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tunnel.inspect.store.CapturedBody;

class MasksTest {
    private final Masks masks = new Masks(List.of("password", "X-Api-Key", "contraseña"));
    private final Bodies bodies = new Bodies(masks, 1000);
    private final Set<String> hit = new TreeSet<>();

    private String head(String head) {
        byte[] bytes = Arrays.copyOf(head.getBytes(ISO_8859_1), head.length() + 10);
        return new String(masks.head(bytes, head.length(), hit), ISO_8859_1);
    }

    private String json(String text) {
        return new String(masks.text(text.getBytes(UTF_8), hit), UTF_8);
    }

    private CapturedBody body(byte[] bytes, String type, String encoding) {
        return bodies.kept(bytes.length, bytes, type, encoding, hit);
    }

    private String body(String text, String type) {
        return new String(body(text.getBytes(UTF_8), type, "").kept(), UTF_8);
    }

    @Test
    void whatLetsSomebodyInIsMaskedInHeads() {
        assertThat(head("""
                GET /a HTTP/1.1\r
                Host: a.example\r
                authorization: Basic YTpi\r
                Proxy-Authorization:x\r
                Cookie: a=b; c=d\r
                x-api-key:   7\r
                Accept: */*\r
                \r
                """)).isEqualTo("""
                GET /a HTTP/1.1\r
                Host: a.example\r
                authorization: [masked]\r
                Proxy-Authorization: [masked]\r
                Cookie: [masked]\r
                x-api-key: [masked]\r
                Accept: */*\r
                \r
                """);
        assertThat(hit).containsExactly("Cookie", "Proxy-Authorization", "authorization", "x-api-key");
        assertThat(head("HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nSet-Cookie: c=d; Path=/\r\n\r\n"))
                .isEqualTo("HTTP/1.1 200 OK\r\nSet-Cookie: [masked]\r\nSet-Cookie: [masked]\r\n\r\n");
    }

    @Test
    void keysAreMaskedInEachQueryOfAHead() {
        assertThat(head("GET /a?x=1&password=geheim&pass%77ord=too&user[password]=3&q=password HTTP/1.1\r\n"
                        + "Referer: http://a.example/?PASSWORD=geheim#top\r\n\r\n"))
                .isEqualTo("GET /a?x=1&password=[masked]&pass%77ord=[masked]&user[password]=[masked]&q=password HTTP/1.1\r\n"
                        + "Referer: http://a.example/?PASSWORD=[masked]#top\r\n\r\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "/?a=x,y&password=ge,he<i>m\"&b=1 | /?a=x,y&password=[masked]&b=1",
        "/?password=a;b?c&d=1 | /?password=[masked]&d=1",
        "/?next=/b?password=geheim | /?next=/b?password=[masked]",
        "/a#password=geheim&state=1 | /a#password=[masked]&state=1",
        "/?a#password=geheim | /?a#password=[masked]"})
    void nothingButABlankEndsTheLinkAndEachMarkInItBeginsAKey(String link, String masked) {
        assertThat(head("GET " + link + " HTTP/1.1\r\n\r\n")).isEqualTo("GET " + masked + " HTTP/1.1\r\n\r\n");
        assertThat(head("HTTP/1.1 302 Found\r\nLocation: " + link + "\r\n\r\n"))
                .isEqualTo("HTTP/1.1 302 Found\r\nLocation: " + masked + "\r\n\r\n");
    }

    @Test
    void aFormOfKeysWithoutValuesCostsNoMoreThanItsLength() {
        String many = "a&".repeat(2_000_000);

        assertThat(assertTimeoutPreemptively(
                        Duration.ofSeconds(20), () -> body(many, "application/x-www-form-urlencoded")))
                .hasSize(1000);
    }

    @Test
    void aHeadWithNothingToMaskStaysAsItIs() {
        String plain = "HTTP/1.1 200 OK\r\nX-Odd: \u00e9\u0080\r\nLocation: /a?b=c&d\r\n\r\n";

        assertThat(head(plain)).isEqualTo(plain);
        assertThat(hit).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "{\"password\":\"a\",\"b\":1} | {\"password\":\"[masked]\",\"b\":1}",
        "{ \"Password\" : 12.5e3 , \"b\":1} | { \"Password\" : \"[masked]\" , \"b\":1}",
        "{\"password\":{\"a\":[1,\"}\"]},\"b\":1} | {\"password\":\"[masked]\",\"b\":1}",
        "{\"password\":[\"a\",\"]\"],\"b\":1} | {\"password\":\"[masked]\",\"b\":1}",
        "{\"password\":null} | {\"password\":\"[masked]\"}",
        "{\"password\":\"a\\\"b\\\\\",\"b\":1} | {\"password\":\"[masked]\",\"b\":1}",
        "{\"p\\u0061ssword\":\"a\"} | {\"p\\u0061ssword\":\"[masked]\"}",
        "{\"contraseña\":\"a\"} | {\"contraseña\":\"[masked]\"}",
        "{\"contrase\\u00f1a\":\"a\"} | {\"contrase\\u00f1a\":\"[masked]\"}",
        "{\"a\":\"{\\\"password\\\":\\\"x\\\",\\\"b\\\":1}\"} | {\"a\":\"{\\\"password\\\":\\\"[masked]\\\",\\\"b\\\":1}\"}",
        "{\"a\":\"password\",\"b\":\"x\"} | {\"a\":\"password\",\"b\":\"x\"}",
        "{\"passwords\":\"x\"} | {\"passwords\":\"x\"}",
        "odd\" {\"password\":\"x\"} | odd\" {\"password\":\"[masked]\"}",
        "{\"password\":\"cut of | {\"password\":\"[masked]\"",
        "{\"password\":{\"a\":\"cut | {\"password\":\"[masked]\"",
        "{\"password\": | {\"password\":\"[masked]\"",
        "{\"password\" | {\"password\"",
        "{\"a\":\"cut off \\ | {\"a\":\"cut off \\",
        "data: {\"password\":\"x\"} | data: {\"password\":\"[masked]\"}",
        "{\"a\\\"\":1,\"password\":2} | {\"a\\\"\":1,\"password\":\"[masked]\"}",
        "\\\"\": | \\\"\":",
        "\\\"password\": 7 | \\\"password\": \\\"[masked]\\\"",
        "[{\"password\":\"x\"},{\"password\":\"y\"}] | [{\"password\":\"[masked]\"},{\"password\":\"[masked]\"}]",
    })
    void keysAreMaskedInWhateverHasJsonInIt(String text, String masked) {
        assertThat(json(text)).isEqualTo(masked);
    }

    @Test
    void keysAreMaskedInForms() {
        assertThat(body("name=ann&password=geheim&x", "application/x-www-form-urlencoded"))
                .isEqualTo("name=ann&password=[masked]&x");
        String multipart = "--b\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\n%s\r\n--b\r\n"
                + "content-disposition: form-data; name=note\r\n\r\nhi\r\n--b--\r\n";
        assertThat(body(multipart.formatted("ge\r\nheim"), "multipart/form-data; boundary=b"))
                .isEqualTo(multipart.formatted("[masked]"));
        assertThat(body("--b\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\ncut of", "multipart/form-data; boundary=\"b\""))
                .endsWith("\r\n\r\n[masked]");
        assertThat(body("--b\r\nContent-Disposition: form-data; name=\"user[password]\"\r\n\r\ngeheim\r\n--b--\r\n",
                        "multipart/form-data; boundary=b"))
                .endsWith("\r\n\r\n[masked]\r\n--b--\r\n");
        assertThat(body("password=a;b&c=d", "application/x-www-form-urlencoded")).isEqualTo("password=[masked]&c=d");
    }

    @Test
    void encodedBodiesAreDecodedToBeMaskedAndKeptSo() throws IOException {
        byte[] plain = "{\"password\":\"x\"}".getBytes(UTF_8);
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
            gzip.write(plain);
        }
        ByteArrayOutputStream deflated = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflate = new DeflaterOutputStream(deflated)) {
            deflate.write(plain);
        }

        for (CapturedBody body : List.of(
                body(zipped.toByteArray(), "application/json", "gzip"), body(deflated.toByteArray(), "", "deflate"))) {
            assertThat(new String(body.kept(), UTF_8)).isEqualTo("{\"password\":\"[masked]\"}");
            assertThat(body.decoded()).isTrue();
        }
        CapturedBody cut = bodies.kept(100, Arrays.copyOf(zipped.toByteArray(), 20), "application/json", "gzip", hit);
        assertThat(new String(cut.kept(), UTF_8)).doesNotContain("x");
        assertThat(cut.truncated()).isTrue();
    }

    @Test
    void nothingIsKeptOfATextInWhichNothingCanBeMasked() {
        byte[] bytes = {1, 2, 3};

        assertThat(body(bytes, "application/json", "br").kept()).isEmpty();
        assertThat(body(bytes, "application/json", "br").withheld()).contains("br");
        assertThat(body(bytes, "application/json", "gzip").withheld()).contains("gzip");
        assertThat(body("{\"password\":1}".getBytes(java.nio.charset.StandardCharsets.UTF_16LE), "application/json", "").kept())
                .isEmpty();
        assertThat(body(bytes, "image/png", "br").kept()).hasSize(3);
        CapturedBody unmasked = new Bodies(new Masks(List.of()), 1000).kept(3, bytes, "application/json", "br", hit);
        assertThat(unmasked.kept()).hasSize(3);
        assertThat(unmasked.withheld()).isNull();
    }

    @Test
    void aBombIsDecodedToTheBoundAndNoFurther() throws IOException {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 20; i++) {
                gzip.write(zeros);
            }
        }

        assertThat(Coding.decode(zipped.toByteArray(), "gzip", 5000)).satisfies(one -> {
            assertThat(one.bytes()).hasSize(5000);
            assertThat(one.truncated()).isTrue();
        });
    }
}
