package tunnel.local;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tunnel.channel.StreamOutput;
import tunnel.fixture.LogLines;
import tunnel.net.HostPort;
import tunnel.protocol.Codec;

class HostRefusalsTest {
    private static final String CURE =
            "localhost:5173 refuses the host blue-otter.example: restart tunnel-client with --host-header rewrite";

    private final HostRefusals refusals =
            new HostRefusals(Local.plain(new HostPort("localhost", 5173)), () -> "blue-otter.example");
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();

    /// What comes out at the other end of the stream, together with how often the user was told.
    private long told(String... pieces) throws IOException {
        try (LogLines lines = new LogLines(Level.WARN)) {
            StreamOutput watched = refusals.watching(new Collecting());
            for (String piece : pieces) {
                byte[] bytes = piece.getBytes(ISO_8859_1);
                ByteBuffer data = ByteBuffer.allocateDirect(Codec.HEADER + bytes.length);
                watched.send(data.position(Codec.HEADER).put(bytes).flip().position(Codec.HEADER));
            }
            watched.end();
            return lines.with(CURE).size();
        }
    }

    private final class Collecting implements StreamOutput {
        @Override
        public void send(ByteBuffer data) {
            byte[] bytes = new byte[data.remaining()];
            data.get(bytes);
            sent.writeBytes(bytes);
        }

        @Override
        public void end() {}

        @Override
        public void cutOff() {}

        @Override
        public void reset() {}
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
        "403 Forbidden | Blocked request. This host (\"\"blue-otter.example\"\") is not allowed.",
        "403 Forbidden | Invalid Host header",
        "200 OK | Invalid Host header",
        "400 Bad Request | Invalid host header",
        "403 Forbidden | <h1>Blocked hosts: blue-otter.example</h1>",
        "403 Forbidden | <h1>Blocked host: blue-otter.example</h1>",
        "400 Bad Request | <title>DisallowedHost at /</title>",
        "400 Bad Request | Invalid HTTP_HOST header: 'blue-otter.example'. You may need to add",
        "400 Bad Request | <p>Untrusted Host &quot;blue-otter.example&quot;",
    })
    void saysWhatHelpsAgainstARefusalThatItKnows(String status, String body) throws IOException {
        String answer = "HTTP/1.1 " + status + "\r\nContent-Type: text/html\r\n\r\n" + body;

        assertThat(told(answer)).isOne();
        assertThat(sent.toString(ISO_8859_1)).isEqualTo(answer);
    }

    @Test
    void saysItOnce() throws IOException {
        String answer = "HTTP/1.1 403 Forbidden\r\n\r\nInvalid Host header";

        assertThat(told(answer, answer)).isOne();
        assertThat(told(answer)).isZero();
        assertThat(sent.toString(ISO_8859_1)).isEqualTo(answer.repeat(3));
    }

    @Test
    void looksAtEachAnswerOfAConnectionAndAtHeadAndBodyInPieces() throws IOException {
        assertThat(told("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", "HTTP/1.1 403 Forbidden\r\n\r\n", "Invalid Host header"))
                .isOne();
    }

    @ParameterizedTest
    @CsvSource({"200 OK, 0", "403 Forbidden, 4096", "404 Not Found, 0", "500 Oh, 0"})
    void passesOverWhatIsNoRefusal(String status, int filling) throws IOException {
        String answer = "HTTP/1.1 " + status + "\r\n\r\n" + "x".repeat(filling) + "Blocked hosts: some";

        assertThat(told(answer)).isZero();
        assertThat(told("Invalid Host header", "", "HTTP/1.1", "HTTP/2.0 403 Forbidden\r\n\r\nInvalid Host header")).isZero();
    }

    @Test
    void changesNoByte() throws IOException {
        StringBuilder all = new StringBuilder("HTTP/1.0 403 \u0000\u00ff");
        for (int i = 0; i < 10_000; i++) {
            all.append((char) (i % 256));
        }

        assertThat(told(all.toString(), all.toString())).isZero();
        assertThat(sent.toString(ISO_8859_1)).isEqualTo(all.toString().repeat(2));
    }
}
