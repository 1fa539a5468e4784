package tunnel.server.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import tunnel.server.access.AccessLog.Entry;

/// The lines of the access log, in both formats.
class AccessLinesTest {
    private static final long TIME = Instant.parse("2026-11-24T03:25:31.007Z").toEpochMilli();
    private static final Entry PLAIN = new Entry(
            TIME, "203.0.113.9", "ann", "GET", "/x?y=1", "HTTP/1.1", 200, 1234, 310, "http://example.com/", "curl/8.5", 12_345,
            "blue-otter", "7YxQ");
    private static final Entry EMPTY = new Entry(TIME, "203.0.113.9", "", "", "", "", 0, 0, 0, "", "", 2_000_001, "", "");

    private final CombinedLines combined = new CombinedLines();
    private final JsonLines json = new JsonLines();

    private static Entry hostile(String text) {
        return new Entry(TIME, text, text, text, text, text, 400, 0, 0, text, text, 0, text, text);
    }

    private String combined(Entry entry) {
        return new String(combined.line(entry), UTF_8);
    }

    private String json(Entry entry) {
        return new String(json.line(entry), UTF_8);
    }

    @Test
    void aCombinedLineIsApachesWithFourFieldsMore() {
        assertThat(combined(PLAIN))
                .isEqualTo("203.0.113.9 - ann [24/Nov/2026:03:25:31 +0000] \"GET /x?y=1 HTTP/1.1\" 200 1234"
                        + " \"http://example.com/\" \"curl/8.5\" 0.012345 blue-otter 7YxQ 310\n");
    }

    @Test
    void whatIsAbsentIsADash() {
        assertThat(combined(EMPTY))
                .isEqualTo("203.0.113.9 - - [24/Nov/2026:03:25:31 +0000] \"-\" 000 0 \"-\" \"-\" 2.000001 - - 0\n");
    }

    @Test
    void aJsonLineIsOneObjectWithMilliseconds() {
        assertThat(json(PLAIN))
                .isEqualTo("{\"time\":\"2026-11-24T03:25:31.007Z\",\"address\":\"203.0.113.9\",\"user\":\"ann\","
                        + "\"method\":\"GET\",\"target\":\"/x?y=1\",\"version\":\"HTTP/1.1\",\"status\":200,\"sent\":1234,"
                        + "\"received\":310,\"referer\":\"http://example.com/\",\"user_agent\":\"curl/8.5\","
                        + "\"seconds\":0.012345,\"tunnel\":\"blue-otter\",\"request_id\":\"7YxQ\"}\n");
    }

    @Test
    void theTimeFollowsTheEntries() {
        for (String time : new String[] {"2026-11-24T23:59:59.999Z", "2026-11-25T00:00:00Z", "2026-11-24T23:59:59.050Z"}) {
            Entry entry = new Entry(
                    Instant.parse(time).toEpochMilli(), "a", "", "GET", "/", "HTTP/1.1", 200, 0, 0, "", "", 0, "", "");
            assertThat(combined(entry)).contains("[" + time.substring(8, 10) + "/Nov/2026:" + time.substring(11, 19) + " +0000]");
            assertThat(Instant.parse(json(entry).replaceAll(".*\"time\":\"([^\"]*)\".*\n", "$1"))).isEqualTo(time);
        }
    }

    @Test
    void nobodyForgesALineAQuoteOrAField() {
        String line = combined(hostile("a b\"c\\d\r\ne\u00e9\u007f\u001b[2J\u20ac"));

        assertThat(line).endsWith("\n").matches("[ -~]*\n");
        String quoted = "a b\\x22c\\x5cd\\x0d\\x0ae\\xe9\\x7f\\x1b[2J\\u20ac";
        String word = quoted.replace(" ", "\\x20");
        assertThat(line)
                .isEqualTo(word + " - " + word + " [24/Nov/2026:03:25:31 +0000] \"" + quoted + " " + quoted + " " + quoted
                        + "\" 400 0 \"" + quoted + "\" \"" + quoted + "\" 0.000000 " + word + " " + word + " 0\n");
    }

    @Test
    void jsonStaysJson() {
        assertThat(json(hostile("\"\\\r\n\u00e9\u0000\ud800")))
                .matches("[ -~]*\n")
                .contains("\"target\":\"\\\"\\\\\\u000d\\u000a\\u00e9\\u0000\\ud800\",\"version\"");
    }

    @Test
    void whatIsLongIsCut() {
        Entry entry = hostile("x".repeat(EscapedText.LONGEST + 1));
        String cut = "x".repeat(EscapedText.LONGEST) + "...";

        assertThat(combined(entry)).contains("\"" + cut + "\" 0.000000");
        assertThat(json(entry)).contains("\"target\":\"" + cut + "\"");
    }
}
