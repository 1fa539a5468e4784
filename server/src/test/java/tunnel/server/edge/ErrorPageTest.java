package tunnel.server.edge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Modifier;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ErrorPageTest {
    private static String response(ErrorPage page, PageFormat format, boolean body, String requestId) {
        return UTF_8.decode(page.response(format, page.body(format, requestId), body)).toString();
    }

    private static String body(ErrorPage page, PageFormat format, String requestId) {
        return response(page, format, true, requestId).split("\r\n\r\n", 2)[1];
    }

    /// Two responses may be a second apart.
    private static String undated(String response) {
        return response.replaceFirst("\r\nDate: [^\r]+", "");
    }

    private static Stream<ErrorPage> all() {
        Stream<ErrorPage> constants = Arrays.stream(ErrorPage.class.getDeclaredFields())
                .filter(field -> Modifier.isStatic(field.getModifiers()) && field.getType() == ErrorPage.class)
                .map(field -> {
                    try {
                        return (ErrorPage) field.get(null);
                    } catch (IllegalAccessException e) {
                        throw new AssertionError(e);
                    }
                });
        return Stream.concat(
                constants, Stream.of(ErrorPage.unauthorized("otter"), ErrorPage.domain("http://NAME.example.com:8080")));
    }

    @ParameterizedTest
    @MethodSource("all")
    void everyPageIsACompleteResponseInEveryFormat(ErrorPage page) {
        for (PageFormat format : PageFormat.values()) {
            String[] parts = response(page, format, true, "7YxQ").split("\r\n\r\n", 2);
            String head = parts[0] + "\r\n";
            assertThat(head)
                    .matches("(?s)HTTP/1\\.1 " + page.status() + " [A-Z][A-Za-z ]+\r\n([A-Za-z-]+: [^\r\n]+\r\n)+")
                    .doesNotContain(" Error\r\n")
                    .contains(
                            "\r\nConnection: close\r\n",
                            "\r\nCache-Control: no-store\r\n",
                            "\r\nX-Content-Type-Options: nosniff\r\n",
                            "\r\nContent-Security-Policy: default-src 'none'; style-src 'unsafe-inline'\r\n",
                            "\r\nContent-Type: " + format.contentType() + "\r\n",
                            "\r\nContent-Length: " + parts[1].getBytes(UTF_8).length + "\r\n");
            assertThat(parts[1]).contains("7YxQ").hasSizeLessThan(1600).doesNotContain("href");
            assertThat(page.advice()).endsWith(".");
            assertThat(undated(response(page, format, false, "7YxQ"))).isEqualTo(undated(parts[0] + "\r\n\r\n"));
        }
    }

    @Test
    void thereIsAPageForEachStatus() {
        assertThat(all().map(ErrorPage::status).distinct())
                .containsExactlyInAnyOrder(
                        200, 400, 401, 403, 404, 405, 408, 413, 414, 417, 429, 431, 501, 502, 503, 504, 505, 508);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 405, 408, 413, 414, 417, 431, 501, 502, 505})
    void aBrokenRuleHasThePageOfItsStatus(int status) {
        assertThat(ErrorPage.forStatus(status).status()).isEqualTo(status);
    }

    @Test
    void aPageIsHtmlForBrowsers() {
        assertThat(body(ErrorPage.NO_SUCH_TUNNEL, PageFormat.HTML, "a&'b"))
                .startsWith("<!DOCTYPE html>\n<html lang=\"en\">")
                .contains("<title>404 Not Found</title>", "<h1>No such tunnel</h1>", "content=\"light dark\"")
                .contains("<footer><p>404 Not Found<br>Request a&amp;&#39;b</p></footer>")
                .endsWith("</html>\n");
        assertThat(body(ErrorPage.NO_SUCH_TUNNEL, PageFormat.HTML, "")).doesNotContain("Request");
    }

    @Test
    void aPageIsOneObjectForProgramsThatAskForIt() {
        assertThat(body(ErrorPage.BAD_VERSION, PageFormat.JSON, "a\"\\b"))
                .isEqualTo("{\"status\":505,\"error\":\"This version of HTTP is not spoken here\","
                        + "\"advice\":\"Send the request as HTTP/1.1.\",\"request_id\":\"a\\\"\\\\b\"}\n");
    }

    @Test
    void aPageIsALineOfTextForAllOthers() {
        assertThat(body(ErrorPage.BAD_VERSION, PageFormat.TEXT, "7YxQ"))
                .isEqualTo("505 This version of HTTP is not spoken here. Send the request as HTTP/1.1.\nRequest 7YxQ\n");
        assertThat(body(ErrorPage.BAD_VERSION, PageFormat.TEXT, "")).endsWith("HTTP/1.1.\n");
    }

    @Test
    void fieldsSayWhatToDoNext() {
        assertThat(response(ErrorPage.unauthorized("blue-otter"), PageFormat.TEXT, false, ""))
                .contains("\r\nWWW-Authenticate: Basic realm=\"blue-otter\", charset=\"UTF-8\"\r\n");
        assertThat(response(ErrorPage.METHOD_NOT_ALLOWED, PageFormat.TEXT, false, ""))
                .contains("\r\nAllow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS\r\n");
        assertThat(response(ErrorPage.RATE_EXCEEDED, PageFormat.TEXT, false, "")).contains("\r\nRetry-After: 1\r\n");
        assertThat(response(ErrorPage.CLIENT_AWAY, PageFormat.TEXT, false, "")).contains("\r\nRetry-After: 10\r\n");
    }

    @Test
    void theBareDomainSaysHowATunnelsAddressLooks() {
        ErrorPage page = ErrorPage.domain("http://NAME.tunnel.example.com");
        assertThat(body(page, PageFormat.TEXT, "")).startsWith("This is a tunnel server. ").contains("http://NAME.tunnel.example.com");
        assertThat(body(page, PageFormat.HTML, "")).contains("<title>tunnel-server</title>").doesNotContain("200");
        assertThat(body(page, PageFormat.JSON, "")).startsWith("{\"status\":200,\"message\":\"This is a tunnel server\"");
    }

    @Test
    void theDateIsNow() {
        Instant before = Instant.now().minusSeconds(1);
        String date = response(ErrorPage.LOOP, PageFormat.TEXT, false, "").replaceAll("(?s).*\r\nDate: ([^\r]*)\r\n.*", "$1");

        assertThat(ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant())
                .isBetween(before, Instant.now());
    }

    @Test
    void aDateFollowsTheClock() {
        Clock clock = Clock.fixed(Instant.parse("2026-11-04T03:25:31.999Z"), ZoneOffset.UTC);
        assertThat(new HttpDate(clock).now()).isEqualTo("Wed, 04 Nov 2026 03:25:31 GMT");
        Instant[] now = {Instant.EPOCH};
        HttpDate date = new HttpDate(new Clock() {
            @Override
            public ZoneOffset getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(java.time.ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return now[0];
            }
        });
        assertThat(IntStream.range(0, 3).mapToObj(_ -> {
                    String text = date.now();
                    now[0] = now[0].plus(Duration.ofMillis(500));
                    return text;
                }))
                .containsExactly(
                        "Thu, 01 Jan 1970 00:00:00 GMT", "Thu, 01 Jan 1970 00:00:00 GMT", "Thu, 01 Jan 1970 00:00:01 GMT");
    }
}
