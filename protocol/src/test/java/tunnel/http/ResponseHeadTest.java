package tunnel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static tunnel.http.Heads.wholeResponse;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseHeadTest {
    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
    private static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="; // RFC 6455, section 1.3

    private static ResponseHead head(String status, String... fields) throws BadMessageException {
        return wholeResponse("HTTP/1.1 " + status + "\r\n" + (fields.length == 0 ? "" : String.join("\r\n", fields) + "\r\n")
                + "\r\n");
    }

    @Test
    void bodyEndsAsTheHeadSays() throws Exception {
        assertThat(head("200 OK", "Content-Length: 5").framing(false)).isEqualTo(Framing.LENGTH);
        assertThat(head("200 OK", "Transfer-Encoding: chunked").framing(false)).isEqualTo(Framing.CHUNKED);
        assertThat(head("200").framing(false)).isEqualTo(Framing.TO_END);
        assertThat(head("200 OK", "Content-Length: 5").framing(true)).isEqualTo(Framing.NONE);
        for (String status : new String[] {"100 Continue", "101 x", "103 Early Hints", "204 No Content", "304 Not Modified"}) {
            assertThat(head(status, "Content-Length: 5").framing(false)).isEqualTo(Framing.NONE);
        }
        assertThat(head("100 Continue").isInterim()).isTrue();
        assertThat(head("101 x").isInterim()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 20 OK", "HTTP/1.1 2000 OK", "HTTP/1.1 600 No", "HTTP/1.1 099 No", "HTTP/2 200 OK", "HTTP/2.0 200 OK",
                "HTTP/1.1  200 OK", "HTTP/1.1\t200 OK", "http/1.1 200 OK", "200 OK", "HTTP/1.1 2x0 OK", "HTTP/1.1 200OK", "",
                "HTTP/1.1 200\tOK", " HTTP/1.1 200 OK", "HTTP/1.10 200 OK"
            })
    void statusLineIsStrict(String line) {
        assertThatThrownBy(() -> wholeResponse(line + "\r\n\r\n"))
                .isInstanceOfSatisfying(BadMessageException.class, e -> assertThat(e.rule()).isEqualTo(Rule.STATUS_LINE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 5\r\nTransfer-Encoding: chunked",
                "Content-Length: 5\r\nContent-Length: 5",
                "Content-Length: x",
                "Transfer-Encoding: gzip",
                "Transfer-Encoding: chunked, chunked",
                "A : b",
                "A: b\r\n c",
                "A: \u0000",
                "A: b\nC: d",
                "A",
                "Connection: a b"
            })
    void ambiguousHeadIsRefused(String fields) {
        assertThatThrownBy(() -> head("200 OK", fields)).isInstanceOf(BadMessageException.class);
    }

    @Test
    void codingInHttp10IsRefused() {
        assertThatThrownBy(() -> wholeResponse("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"))
                .isInstanceOf(BadMessageException.class);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            textBlock =
                    """
                    websocket, websocket, true
                    WebSocket, websocket, true
                    websocket, foo, false
                    websocket, -, false
                    -, websocket, false
                    h2c, h2c, false
                    foo, 'foo, bar', true
                    bar, 'foo, bar', true
                    'foo, bar', 'foo, bar', false
                    """)
    void switchIsToWhatWasAskedForOnly(@Nullable String chosen, @Nullable String asked, boolean good) throws Exception {
        ResponseHead head = head(
                "101 Switching Protocols",
                "Connection: Upgrade",
                "Sec-WebSocket-Accept: " + ACCEPT,
                chosen == null ? "A: b" : "Upgrade: " + chosen);
        if (good) {
            head.checkSwitch(asked, KEY);
        } else {
            assertThatThrownBy(() -> head.checkSwitch(asked, KEY)).isInstanceOf(BadMessageException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Upgrade: websocket\r\nSec-WebSocket-Accept: " + ACCEPT,
                "Connection: Upgrade\r\nUpgrade: websocket",
                "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: S3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
                "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ",
            })
    void webSocketNeedsItsWholeAnswer(String fields) throws Exception {
        ResponseHead head = head("101 Switching Protocols", fields);
        assertThatThrownBy(() -> head.checkSwitch("websocket", KEY))
                .isInstanceOfSatisfying(BadMessageException.class, e -> assertThat(e.rule()).isEqualTo(Rule.SWITCH));
    }
}
