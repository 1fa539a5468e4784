package tunnel.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;

/// Any bytes at all, as a request or a response. The build replays the inputs beside this class; docs/CONTRIBUTING.md says how to search
/// for new ones.
class MessageFuzzTest {
    /// What is taken is the same in one piece and byte by byte, and nothing else is thrown than that a rule is broken.
    @FuzzTest(maxDuration = "60s")
    void piecesMakeNoDifference(byte[] data) {
        Heads whole = Heads.request(data, Integer.MAX_VALUE, Integer.MAX_VALUE);
        Heads bytewise = Heads.request(data, 1, 1);
        if (whole.rule() == null || bytewise.rule() == null) {
            assertThat(bytewise).isEqualTo(whole);
        }
        String text = new String(data, ISO_8859_1);
        Heads chunked = Heads.chunked(text);
        assertThat(Heads.chunked(text, 1)).isEqualTo(chunked);
    }

    /// The same for a response's head, whose framing is clear whatever it answers.
    @FuzzTest(maxDuration = "60s")
    void responsePiecesMakeNoDifference(byte[] data) {
        Heads whole = Heads.response(data, Integer.MAX_VALUE);
        Heads bytewise = Heads.response(data, 1);
        if (whole.rule() == null || bytewise.rule() == null) {
            assertThat(bytewise).isEqualTo(whole);
        }
        if (whole.end() >= 0) {
            Heads again = Heads.response(whole.text().getBytes(ISO_8859_1), Integer.MAX_VALUE);
            assertThat(again.text()).as("written anew it is the same").isEqualTo(whole.text());
        }
    }

    /// What was read and written anew is read again as the same message.
    @FuzzTest(maxDuration = "60s")
    void writtenMessageIsTheSame(byte[] data) throws BadMessageException {
        RequestHead head = new RequestHead();
        head.begin(0);
        int end;
        try {
            end = Heads.read(head, data, Integer.MAX_VALUE, Integer.MAX_VALUE);
        } catch (BadMessageException e) {
            return;
        }
        if (end < 0 || !head.isVersion11()) { // of HTTP/1.0 the edge writes another message: with a Host, for one
            return;
        }
        RequestHead again = Heads.whole(Heads.written(head));
        assertThat(again.method()).isEqualTo(head.method());
        assertThat(again.framing()).isEqualTo(head.framing());
        assertThat(again.length()).isEqualTo(head.length());
        assertThat(again.upgrade()).isEqualTo(head.upgrade());
        assertThat(Heads.written(again)).isEqualTo(Heads.written(head));
        if (head.framing() == Framing.CHUNKED) {
            sameBody(ByteBuffer.wrap(data).position(end));
        }
    }

    private static void sameBody(ByteBuffer in) throws BadMessageException {
        ChunkedBody body = new ChunkedBody();
        ByteBuffer out = ByteBuffer.allocate(in.remaining() + (64 << 10)).position(ChunkWriter.BEFORE);
        try {
            if (!body.read(in, out)) {
                return;
            }
        } catch (BadMessageException e) {
            return;
        }
        String data = new String(out.array(), ChunkWriter.BEFORE, out.position() - ChunkWriter.BEFORE, ISO_8859_1);
        int start = ChunkWriter.frame(out, ChunkWriter.BEFORE);
        assertThat(ChunkWriter.end(out, body)).isTrue();
        Heads again = Heads.chunked(new String(out.array(), start, out.position() - start, ISO_8859_1));
        assertThat(again.end()).isEqualTo(out.position() - start);
        assertThat(again.text()).startsWith(data);
    }
}
