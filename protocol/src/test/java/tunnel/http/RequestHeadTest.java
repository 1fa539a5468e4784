package tunnel.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static tunnel.http.Heads.request;
import static tunnel.http.Heads.whole;
import static tunnel.http.Heads.with;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestHeadTest {
    private static final String HANDSHAKE = "GET / HTTP/1.1\r\nHost: a.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n";
    private static final String KEY = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    private static final String VERSION = "Sec-WebSocket-Version: 13\r\n";

    static Stream<Arguments> broken() {
        return Stream.of(
                Arguments.of(Rule.BARE_LF, "GET / HTTP/1.1\nHost: a\r\n\r\n"),
                Arguments.of(Rule.BARE_LF, with("A: b\nC: d")),
                Arguments.of(Rule.BARE_LF, "\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"),
                Arguments.of(Rule.BARE_CR, "GET / HTTP/1.1\rHost: a\r\n\r\n"),
                Arguments.of(Rule.BARE_CR, with("A: b\rC: d")),
                Arguments.of(Rule.BARE_CR, with("A: b\r\r")),
                Arguments.of(Rule.CONTROL_CHARACTER, with("A: b\0c")),
                Arguments.of(Rule.CONTROL_CHARACTER, with("A: b\u007fc")),
                Arguments.of(Rule.CONTROL_CHARACTER, with("A: b\u000bc")),
                Arguments.of(Rule.CONTROL_CHARACTER, "G\u0001T / HTTP/1.1\r\nHost: a\r\n\r\n"),
                Arguments.of(Rule.LEADING_BLANK, "\r\n\r\n" + with()),
                Arguments.of(Rule.FOLDED, with("A: b", " c")),
                Arguments.of(Rule.FOLDED, with("A: b", "\tc")),
                Arguments.of(Rule.FOLDED, "GET / HTTP/1.1\r\n Host: a\r\n\r\n"),
                Arguments.of(Rule.SPACE_BEFORE_COLON, with("A : b")),
                Arguments.of(Rule.SPACE_BEFORE_COLON, with("A\t: b")),
                Arguments.of(Rule.NO_COLON, with("A")),
                Arguments.of(Rule.NAME_EMPTY, with(": b")),
                Arguments.of(Rule.NAME_NOT_TOKEN, with("A b: c")),
                Arguments.of(Rule.NAME_NOT_TOKEN, with("A(b): c")),
                Arguments.of(Rule.NAME_NOT_TOKEN, with("\u00e9: c")),
                Arguments.of(Rule.NAME_NOT_TOKEN, with("\"A\": c")),
                Arguments.of(Rule.NAME_UNDERSCORE, with("Content_Length: 1")),
                Arguments.of(Rule.NAME_UNDERSCORE, with("transfer_Encoding: chunked")),
                Arguments.of(Rule.NAME_UNDERSCORE, with("X_Forwarded-For: ::1")),
                Arguments.of(Rule.NAME_UNDERSCORE, with("x-forwarded_port: 1")),
                Arguments.of(Rule.NAME_UNDERSCORE, with("x_real_ip: ::1")),
                Arguments.of(Rule.HEAD_TOO_LARGE, with("A: " + "b".repeat(33 << 10))),
                Arguments.of(Rule.TOO_MANY_FIELDS, with(Collections.nCopies(100, "A: b").toArray(String[]::new))),
                Arguments.of(Rule.REQUEST_LINE, "GET  / HTTP/1.1\r\nHost: a\r\n\r\n"),
                Arguments.of(Rule.REQUEST_LINE, "GET /  HTTP/1.1\r\nHost: a\r\n\r\n"),
                Arguments.of(Rule.REQUEST_LINE, "GET / HTTP/1.1 \r\nHost: a\r\n\r\n"),
                Arguments.of(Rule.REQUEST_LINE, " GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
                Arguments.of(Rule.REQUEST_LINE, "GET /\r\n\r\n"),
                Arguments.of(Rule.REQUEST_LINE, "GET\r\n\r\n"),
                Arguments.of(Rule.METHOD, "G(T / HTTP/1.1\r\nHost: a\r\n\r\n"),
                Arguments.of(Rule.METHOD_TOO_LONG, "G".repeat(257) + " / HTTP/1.1\r\nHost: a\r\n\r\n"),
                Arguments.of(Rule.METHOD_NOT_ALLOWED, "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n"),
                Arguments.of(Rule.METHOD_NOT_ALLOWED, "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n"),
                Arguments.of(Rule.TARGET_TOO_LONG, "GET /" + "a".repeat(8192) + " HTTP/1.1\r\nHost: a\r\n\r\n"),
                Arguments.of(Rule.TARGET_CHARACTER, "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n"),
                Arguments.of(Rule.TARGET_CHARACTER, "GET /\u00e9 HTTP/1.1\r\nHost: a\r\n\r\n"),
                Arguments.of(Rule.TARGET_CHARACTER, "GET /a\tb HTTP/1.1\r\nHost: a\r\n\r\n"),
                Arguments.of(Rule.TARGET_FORM, "GET a HTTP/1.1\r\nHost: a\r\n\r\n"),
                Arguments.of(Rule.TARGET_FORM, "GET * HTTP/1.1\r\nHost: a\r\n\r\n"),
                Arguments.of(Rule.TARGET_FORM, "OPTIONS ** HTTP/1.1\r\nHost: a\r\n\r\n"),
                Arguments.of(Rule.TARGET_FORM, "GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n"),
                Arguments.of(Rule.TARGET_FORM, "GET http:///x HTTP/1.1\r\nHost: a\r\n\r\n"),
                Arguments.of(Rule.TARGET_USERINFO, "GET http://u@a/ HTTP/1.1\r\nHost: a\r\n\r\n"),
                Arguments.of(Rule.TARGET_USERINFO, "GET http://u:p@a/ HTTP/1.1\r\nHost: a\r\n\r\n"),
                Arguments.of(Rule.TARGET_HOST, "GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n"),
                Arguments.of(Rule.TARGET_HOST, "GET http://a:81/ HTTP/1.1\r\nHost: a\r\n\r\n"),
                Arguments.of(Rule.TARGET_HOST, "GET https://a/ HTTP/1.1\r\nHost: a:80\r\n\r\n"),
                Arguments.of(Rule.VERSION, "GET / HTTP/1.10\r\nHost: a\r\n\r\n"),
                Arguments.of(Rule.VERSION, "GET / http/1.1\r\nHost: a\r\n\r\n"),
                Arguments.of(Rule.VERSION, "GET / HTTP/1\r\nHost: a\r\n\r\n"),
                Arguments.of(Rule.VERSION, "GET / HTTP/+1.1\r\nHost: a\r\n\r\n"),
                Arguments.of(Rule.VERSION_NOT_SUPPORTED, "GET / HTTP/2.0\r\nHost: a\r\n\r\n"),
                Arguments.of(Rule.VERSION_NOT_SUPPORTED, "PRI * HTTP/2.0\r\n\r\n"),
                Arguments.of(Rule.VERSION_NOT_SUPPORTED, "GET / HTTP/0.9\r\n\r\n"),
                Arguments.of(Rule.HOST_MISSING, "GET / HTTP/1.1\r\n\r\n"),
                Arguments.of(Rule.HOST_MISSING, "GET http://a/ HTTP/1.1\r\n\r\n"),
                Arguments.of(Rule.HOST_REPEATED, with("Host: a.example")),
                Arguments.of(Rule.HOST_MALFORMED, "GET / HTTP/1.1\r\nHost:\r\n\r\n"),
                Arguments.of(Rule.LENGTH_AND_CODING, with("Content-Length: 1", "Transfer-Encoding: chunked")),
                Arguments.of(Rule.LENGTH_REPEATED, with("Content-Length: 1", "Content-Length: 1")),
                Arguments.of(Rule.LENGTH_MALFORMED, with("Content-Length: +1")),
                Arguments.of(Rule.LENGTH_MALFORMED, with("Content-Length: -1")),
                Arguments.of(Rule.LENGTH_MALFORMED, with("Content-Length: 0x1")),
                Arguments.of(Rule.LENGTH_MALFORMED, with("Content-Length: 1, 1")),
                Arguments.of(Rule.LENGTH_MALFORMED, with("Content-Length:")),
                Arguments.of(Rule.LENGTH_MALFORMED, with("Content-Length: 1 1")),
                Arguments.of(Rule.LENGTH_MALFORMED, with("Content-Length: " + "1".repeat(19))),
                Arguments.of(Rule.LENGTH_MALFORMED, with("Content-Length: " + "0".repeat(19))),
                Arguments.of(Rule.CODING_IN_1_0, "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"),
                Arguments.of(Rule.CODING_MALFORMED, with("Transfer-Encoding:")),
                Arguments.of(Rule.CODING_MALFORMED, with("Transfer-Encoding: ,chunked")),
                Arguments.of(Rule.CODING_MALFORMED, with("Transfer-Encoding: chunked,")),
                Arguments.of(Rule.CODING_MALFORMED, with("Transfer-Encoding: \"chunked\"")),
                Arguments.of(Rule.CODING_MALFORMED, with("Transfer-Encoding: chunked;a=b")),
                Arguments.of(Rule.CODING_ORDER, with("Transfer-Encoding: chunked, chunked")),
                Arguments.of(Rule.CODING_ORDER, with("Transfer-Encoding: chunked", "Transfer-Encoding: gzip")),
                Arguments.of(Rule.CODING_UNKNOWN, with("Transfer-Encoding: gzip, chunked")),
                Arguments.of(Rule.CODING_UNKNOWN, with("Transfer-Encoding: identity")),
                Arguments.of(Rule.CODING_UNKNOWN, with("Transfer-Encoding: xchunked")),
                Arguments.of(Rule.EXPECTATION, with("Expect: 200-ok")),
                Arguments.of(Rule.EXPECTATION, with("Expect: 100-continue", "Expect: 100-continue")),
                Arguments.of(Rule.CONNECTION_OPTIONS, with("Connection: a b")),
                Arguments.of(Rule.CONNECTION_OPTIONS, with("Connection: " + "a,".repeat(101))),
                Arguments.of(Rule.UPGRADE, HANDSHAKE + "\r\n"),
                Arguments.of(Rule.UPGRADE, HANDSHAKE + KEY + "\r\n"),
                Arguments.of(Rule.UPGRADE, HANDSHAKE + KEY + KEY + VERSION + "\r\n"),
                Arguments.of(Rule.UPGRADE, HANDSHAKE + KEY + "Sec-WebSocket-Version: x\r\n\r\n"),
                Arguments.of(Rule.UPGRADE, HANDSHAKE + "Upgrade: other\r\n\r\n"),
                Arguments.of(Rule.UPGRADE, HANDSHAKE + KEY + VERSION + "Content-Length: 1\r\n\r\n"),
                Arguments.of(Rule.UPGRADE, HANDSHAKE + VERSION + "Sec-WebSocket-Key: c2hvcnQ=\r\n\r\n"),
                Arguments.of(Rule.UPGRADE, HANDSHAKE + VERSION + "Sec-WebSocket-Key: ????????????????????????\r\n\r\n"));
    }

    @ParameterizedTest
    @MethodSource("broken")
    void ruleThatIsBrokenIsTheOneThatIsNamed(Rule rule, String text) {
        assertThat(request(text).rule()).isEqualTo(rule);
        assertThat(request(text, 1).rule()).as("byte by byte").isEqualTo(rule);
    }

    static List<String> good() {
        return List.of(
                with(),
                "\r\n" + with("Accept: */*"),
                with("A:", "B:\t x \t", "C: \u00e9", "!#$%&'*+-.^_`|~: odd"),
                "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
                "OPTIONS http://a HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET HTTP://A:80?x HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET https://a:443/x HTTP/1.1\r\nHost: a\r\n\r\n",
                "PATCH /~!$&'()*+,;=:@%41 HTTP/1.9\r\nHost: a_b.example.:8080\r\nContent-Length: 007\r\n\r\n",
                "POST / HTTP/1.0\r\nContent-Length: 999999999999999999\r\n\r\n",
                with("Transfer-Encoding: \tChunked ", "Expect: 100-Continue"),
                with("Content_Type: x", "Connection: , close ,,x", "X: dropped"),
                HANDSHAKE + KEY + VERSION + "\r\n");
    }

    @ParameterizedTest
    @MethodSource("good")
    void headIsTheSameHoweverItIsSplit(String text) {
        Heads atOnce = request(text);
        assertThat(atOnce.rule()).isNull();
        assertThat(atOnce.end()).isEqualTo(text.length());
        byte[] withRest = (text + "REST / HTTP/1.1\r\n").getBytes(ISO_8859_1);
        for (int split = 1; split < text.length(); split++) {
            assertThat(request(withRest, split, Integer.MAX_VALUE)).isEqualTo(atOnce);
        }
        assertThat(request(text, 1)).isEqualTo(atOnce);
        for (int end = 0; end < text.length(); end++) {
            assertThat(request(text.substring(0, end)).end()).as("up to " + end).isEqualTo(-1);
        }
    }

    @Test
    void everyRuleOfARequestsHeadIsProvoked() {
        List<Rule> rules = new ArrayList<>(List.of(Rule.values()));
        broken().forEach(one -> rules.remove(one.get()[0]));
        assertThat(rules)
                .containsExactly(
                        Rule.TRUNCATED, // these four are the edge's own
                        Rule.HEAD_TOO_SLOW,
                        Rule.BODY_TOO_SLOW,
                        Rule.CHUNK_SIZE,
                        Rule.CHUNK_EXTENSION,
                        Rule.CHUNK_EXTENSIONS_TOO_LARGE,
                        Rule.CHUNK_TERMINATOR,
                        Rule.BODY_TOO_LARGE,
                        Rule.STATUS_LINE,
                        Rule.SWITCH);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4096, Integer.MAX_VALUE})
    void boundsAreExact(int step) {
        assertThat(request("GET /" + "a".repeat(8191) + " HTTP/1.1\r\nHost: a\r\n\r\n", step).rule()).isNull();
        assertThat(request("GET /" + "a".repeat(8192) + " HTTP/1.1\r\nHost: a\r\n\r\n", step).rule())
                .isEqualTo(Rule.TARGET_TOO_LONG);
        String most = "A: " + "b".repeat((32 << 10) - "Host: a.example\r\n".length() - "A: \r\n".length());
        assertThat(request(with(most), step).rule()).isNull();
        assertThat(request(with(most + "b"), step).rule()).isEqualTo(Rule.HEAD_TOO_LARGE);
        assertThat(request(with(Collections.nCopies(99, "A: b").toArray(String[]::new)), step).rule()).isNull();
        assertThat(request(with(Collections.nCopies(100, "A: b").toArray(String[]::new)), step).rule())
                .isEqualTo(Rule.TOO_MANY_FIELDS);
    }

    @Test
    void framingIsThatOfTheFields() throws Exception {
        assertThat(whole(with()).framing()).isEqualTo(Framing.NONE);
        assertThat(whole(with("Content-Length: 0")).framing()).isEqualTo(Framing.LENGTH);
        assertThat(whole(with("Content-Length: 0")).hasBody()).isFalse();
        assertThat(whole(with("Content-Length: 007")).length()).isEqualTo(7);
        assertThat(whole(with("Transfer-Encoding: CHUNKED")).framing()).isEqualTo(Framing.CHUNKED);
        assertThat(whole(with("Connection: Content-Length", "Content-Length: 5")).length()).isEqualTo(5);
    }

    @Test
    void http2IsNeverOffered() throws Exception {
        assertThat(whole(with("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: x")).upgrade()).isNull();
        assertThat(whole(with("Connection: Upgrade", "Upgrade: foo, H2C")).upgrade()).isEqualTo("foo");
        assertThat(whole(with("Upgrade: foo")).upgrade()).isNull();
    }

    @Test
    void fieldsCostNoMemoryEach() throws Exception {
        long few = allocatedBy(5);
        long many = allocatedBy(40);
        assertThat(many).as("bytes a head of 40 fields, of 5: %s", few).isLessThanOrEqualTo(few + 16);
    }

    /// Bytes that reading a head takes, once the reader has been used.
    private static long allocatedBy(int fields) throws BadMessageException {
        StringBuilder text = new StringBuilder("GET / HTTP/1.1\r\nHost: a.example\r\nUser-Agent: me\r\nAccept: */*\r\n");
        for (int i = 3; i < fields; i++) {
            text.append("X-Field-").append(i).append(": some value\r\n");
        }
        byte[] bytes = text.append("\r\n").toString().getBytes(ISO_8859_1);
        ByteBuffer source = ByteBuffer.wrap(bytes);
        RequestHead head = new RequestHead();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        int times = 2000;
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 3; round++) { // the first one makes room for as many fields
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < times; i++) {
                head.begin(0);
                if (head.read(source, bytes.length) != bytes.length) {
                    throw new IllegalStateException();
                }
            }
            least = Math.min(least, (threads.getCurrentThreadAllocatedBytes() - before) / times);
        }
        return least;
    }
}
