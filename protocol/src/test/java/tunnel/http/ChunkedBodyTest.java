package tunnel.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static tunnel.http.Heads.chunked;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkedBodyTest {
    static Stream<Arguments> broken() {
        return Stream.of(
                Arguments.of(Rule.CHUNK_SIZE, "+5\r\nhello\r\n0\r\n\r\n"),
                Arguments.of(Rule.CHUNK_SIZE, "-5\r\nhello\r\n0\r\n\r\n"),
                Arguments.of(Rule.CHUNK_SIZE, "0x5\r\nhello\r\n0\r\n\r\n"),
                Arguments.of(Rule.CHUNK_SIZE, " 5\r\nhello\r\n0\r\n\r\n"),
                Arguments.of(Rule.CHUNK_SIZE, "5 \r\nhello\r\n0\r\n\r\n"),
                Arguments.of(Rule.CHUNK_SIZE, "5\t\r\nhello\r\n0\r\n\r\n"),
                Arguments.of(Rule.CHUNK_SIZE, "5_0\r\nhello\r\n0\r\n\r\n"),
                Arguments.of(Rule.CHUNK_SIZE, "g\r\nhello\r\n0\r\n\r\n"),
                Arguments.of(Rule.CHUNK_SIZE, "\r\nhello\r\n0\r\n\r\n"),
                Arguments.of(Rule.CHUNK_SIZE, ";a\r\nhello\r\n0\r\n\r\n"),
                Arguments.of(Rule.CHUNK_SIZE, "00000000000000005\r\nhello\r\n0\r\n\r\n"),
                Arguments.of(Rule.CHUNK_SIZE, "8000000000000000\r\nhello"),
                Arguments.of(Rule.CHUNK_SIZE, "ffffffffffffffff\r\nhello"),
                Arguments.of(Rule.CHUNK_SIZE, "\u00b5\r\nhello\r\n0\r\n\r\n"),
                Arguments.of(Rule.CHUNK_SIZE, "5\r\nhello\r\n\r\n"),
                Arguments.of(Rule.BARE_LF, "5\nhello\r\n0\r\n\r\n"),
                Arguments.of(Rule.BARE_LF, "5;a\nhello\r\n0\r\n\r\n"),
                Arguments.of(Rule.BARE_LF, "5;a=\"b\nc\"\r\nhello\r\n0\r\n\r\n"),
                Arguments.of(Rule.BARE_LF, "5\r\nhello\n0\r\n\r\n"),
                Arguments.of(Rule.BARE_LF, "0\r\nA: b\n\r\n"),
                Arguments.of(Rule.BARE_LF, "0\r\n\n"),
                Arguments.of(Rule.BARE_CR, "5\rhello\r\n0\r\n\r\n"),
                Arguments.of(Rule.BARE_CR, "5\r\r\nhello\r\n0\r\n\r\n"),
                Arguments.of(Rule.BARE_CR, "5\r\nhello\r0\r\n\r\n"),
                Arguments.of(Rule.BARE_CR, "0\r\nA: b\rc\r\n\r\n"),
                Arguments.of(Rule.BARE_CR, "0\r\n\r\r\n"),
                Arguments.of(Rule.CHUNK_TERMINATOR, "5\r\nhelloX\r\n0\r\n\r\n"),
                Arguments.of(Rule.CHUNK_TERMINATOR, "4\r\nhello\r\n0\r\n\r\n"),
                Arguments.of(Rule.CHUNK_EXTENSION, "5;\r\nhello\r\n0\r\n\r\n"),
                Arguments.of(Rule.CHUNK_EXTENSION, "5;;\r\nhello\r\n0\r\n\r\n"),
                Arguments.of(Rule.CHUNK_EXTENSION, "5; a\r\nhello\r\n0\r\n\r\n"),
                Arguments.of(Rule.CHUNK_EXTENSION, "5;a=\r\nhello\r\n0\r\n\r\n"),
                Arguments.of(Rule.CHUNK_EXTENSION, "5;a=b=c\r\nhello\r\n0\r\n\r\n"),
                Arguments.of(Rule.CHUNK_EXTENSION, "5;=b\r\nhello\r\n0\r\n\r\n"),
                Arguments.of(Rule.CHUNK_EXTENSION, "5;a=\"b\r\nhello\r\n0\r\n\r\n"),
                Arguments.of(Rule.CHUNK_EXTENSION, "5;a=\"b\"c\r\nhello\r\n0\r\n\r\n"),
                Arguments.of(Rule.CHUNK_EXTENSION, "5;a=\"\\\r\"\r\nhello\r\n0\r\n\r\n"),
                Arguments.of(Rule.CHUNK_EXTENSION, "5;a\0\r\nhello\r\n0\r\n\r\n"),
                Arguments.of(Rule.CHUNK_EXTENSIONS_TOO_LARGE, "5;" + "a".repeat(16 << 10) + "\r\nhello\r\n0\r\n\r\n"),
                Arguments.of(Rule.CHUNK_EXTENSIONS_TOO_LARGE, "1;a\r\nx\r\n".repeat(9000) + "0\r\n\r\n"),
                Arguments.of(Rule.CONTROL_CHARACTER, "0\r\nA: b\0\r\n\r\n"),
                Arguments.of(Rule.FOLDED, "0\r\nA: b\r\n c\r\n\r\n"),
                Arguments.of(Rule.SPACE_BEFORE_COLON, "0\r\nA : b\r\n\r\n"),
                Arguments.of(Rule.NO_COLON, "0\r\nGET / HTTP/1.1\r\n\r\n".replace("GET / HTTP/1.1", "GET")),
                Arguments.of(Rule.NAME_UNDERSCORE, "0\r\nContent_Length: 5\r\n\r\n"),
                Arguments.of(Rule.TOO_MANY_FIELDS, "0\r\n" + "A: b\r\n".repeat(101) + "\r\n"),
                Arguments.of(Rule.HEAD_TOO_LARGE, "0\r\n" + ("A: " + "b".repeat(1000) + "\r\n").repeat(33) + "\r\n"),
                Arguments.of(Rule.HEAD_TOO_LARGE, "0\r\n" + ("A: " + "b".repeat(1000) + "\r\n").repeat(63) + "\r\n"));
    }

    @ParameterizedTest
    @MethodSource("broken")
    void ruleThatIsBrokenIsTheOneThatIsNamed(Rule rule, String text) {
        assertThat(chunked(text).rule()).isEqualTo(rule);
        assertThat(chunked(text, 1).rule()).as("byte by byte").isEqualTo(rule);
    }

    @Test
    void bodyIsTheSameInAnyPieces() {
        String text = "5\r\nhello\r\n00A;a;b=c;d=\"e \\\" ;\r\"\r\n".replace("\r\"", "\"") + "0123456789\r\n0;last\r\n"
                + "Host: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\nTrailer: a\r\nAuthorization: x\r\nSet-Cookie: x\r\n"
                + "Content-Type: x\r\nX-Forwarded-For: ::1\r\nVia: x\r\nConnection: x\r\nDigest:  abc \r\n\r\n";
        for (int step = 1; step <= text.length(); step++) {
            assertThat(chunked(text + "GET", step)).isEqualTo(new Heads(null, text.length(), "hello0123456789Digest: abc\r\n"));
        }
        for (int end = 0; end < text.length(); end++) {
            assertThat(chunked(text.substring(0, end)).end()).isEqualTo(-1);
        }
    }

    @Test
    void trailersAtTheirBoundAreWritten() {
        String trailers = ("A: " + "b".repeat(1000) + "\r\n").repeat(32);
        assertThat(chunked("0\r\n" + trailers + "\r\n").text()).isEqualTo(trailers);
    }

    @Test
    void whatIsFramedIsReadAgain() throws Exception {
        Random random = new Random(1);
        for (int length : new int[] {1, 9, 15, 16, 255, 256, 4095, 4096, 65535, 65536}) {
            byte[] data = new byte[length];
            random.nextBytes(data);
            ByteBuffer out = ByteBuffer.allocate(length + ChunkWriter.BEFORE + ChunkWriter.BEHIND).position(ChunkWriter.BEFORE);
            int start = ChunkWriter.frame(out.put(data), ChunkWriter.BEFORE);
            assertThat(ChunkWriter.end(out, new ChunkedBody())).isTrue();
            Heads read = chunked(new String(out.array(), start, out.position() - start, ISO_8859_1));
            assertThat(read).isEqualTo(new Heads(null, out.position() - start, new String(data, ISO_8859_1)));
        }
    }

    @Test
    void lastChunkIsWrittenWholeOrNotAtAll() throws Exception {
        ChunkedBody body = new ChunkedBody();
        body.read(ByteBuffer.wrap("0\r\nA: b\r\n\r\n".getBytes(ISO_8859_1)), ByteBuffer.allocate(1));
        boolean written = false;
        for (int room = 0; room < 40; room++) {
            ByteBuffer out = ByteBuffer.allocate(room);
            boolean now = ChunkWriter.end(out, body);
            assertThat(now || !written).isTrue();
            assertThat(new String(out.array(), 0, out.position(), ISO_8859_1)).isEqualTo(now ? "0\r\nA: b\r\n\r\n" : "");
            written = now;
        }
        assertThat(written).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1\r\nx\r\n", "1;a=\"bcdefghij\"\r\nx\r\n"})
    void tenMegabytesOfTinyChunksAreCheap(String chunk) throws Exception {
        int extensions = Math.max(1, chunk.length() - "1;\r\nx\r\n".length());
        int chunks = chunk.indexOf(';') < 0 ? 10_000 : (16 << 10) / (extensions + 1);
        byte[] message = (chunk.repeat(chunks) + "0\r\n\r\n").getBytes(ISO_8859_1);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadCpuTime();
        ChunkedBody body = new ChunkedBody();
        ByteBuffer out = ByteBuffer.allocate(64 << 10);
        for (long read = 0; read < 10_000_000; read += message.length) {
            body.begin();
            assertThat(body.read(ByteBuffer.wrap(message), out.clear())).isTrue();
        }
        assertThat(threads.getCurrentThreadCpuTime() - before).isLessThan(3_000_000_000L);
    }
}
