package tunnel.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// What became of a message's bytes, however many pieces they came in.
///
/// @param rule that was broken, or null
/// @param end where the head or body ended, or -1 where more is needed
/// @param text what was read: the head written anew, or the body's data and trailers
record Heads(@Nullable Rule rule, int end, String text) {
    /// Reads a request's head from pieces of `step` bytes.
    static Heads request(String text, int step) {
        return request(text.getBytes(ISO_8859_1), step, step);
    }

    static Heads request(String text) {
        return request(text, Integer.MAX_VALUE);
    }

    /// @param first how long the first piece is
    static Heads request(byte[] bytes, int first, int step) {
        RequestHead head = new RequestHead();
        head.begin(0);
        try {
            int end = read(head, bytes, first, step);
            return new Heads(null, end, end < 0 ? "" : written(head));
        } catch (BadMessageException e) {
            return new Heads(e.rule(), -1, "");
        }
    }

    /// The same for a response's head.
    static Heads response(byte[] bytes, int step) {
        ResponseHead head = new ResponseHead();
        head.begin(0);
        try {
            int end = read(head, bytes, step, step);
            return new Heads(null, end, end < 0 ? "" : written(head));
        } catch (BadMessageException e) {
            return new Heads(e.rule(), -1, "");
        }
    }

    private static String written(ResponseHead head) {
        ByteBuffer out = ByteBuffer.allocate(64 << 10);
        HeadWriter writer = new HeadWriter(out).statusLine(head);
        for (int field = 0; field < head.fields().count(); field++) {
            writer.field(head, field);
        }
        writer.end();
        return new String(out.array(), 0, out.position(), ISO_8859_1);
    }

    static int read(Head head, byte[] bytes, int first, int step) throws BadMessageException {
        ByteBuffer source = ByteBuffer.wrap(bytes);
        int there = Math.min(bytes.length, first);
        int end = head.read(source, there);
        while (end < 0 && there < bytes.length) {
            there = Math.min(bytes.length, step > bytes.length ? bytes.length : there + step);
            end = head.read(source, there);
        }
        return end;
    }

    /// The request as it would be sent on with all of its fields, and how its body ends.
    static String written(RequestHead head) {
        ByteBuffer out = ByteBuffer.allocate(64 << 10);
        HeadWriter writer = new HeadWriter(out).requestLine(head);
        for (int field = 0; field < head.fields().count(); field++) {
            writer.field(head, field);
        }
        writer.end();
        return new String(out.array(), 0, out.position(), ISO_8859_1);
    }

    /// A request for `/` with these further lines, each without its end.
    static String with(String... lines) {
        return "GET / HTTP/1.1\r\nHost: a.example\r\n" + (lines.length == 0 ? "" : String.join("\r\n", lines) + "\r\n") + "\r\n";
    }

    /// A head that is read to its end.
    static RequestHead whole(String text) throws BadMessageException {
        RequestHead head = new RequestHead();
        head.begin(0);
        byte[] bytes = text.getBytes(ISO_8859_1);
        if (head.read(ByteBuffer.wrap(bytes), bytes.length) != bytes.length) {
            throw new IllegalStateException("not one whole head: " + text);
        }
        return head;
    }

    static ResponseHead wholeResponse(String text) throws BadMessageException {
        ResponseHead head = new ResponseHead();
        head.begin(0);
        byte[] bytes = text.getBytes(ISO_8859_1);
        if (head.read(ByteBuffer.wrap(bytes), bytes.length) != bytes.length) {
            throw new IllegalStateException("not one whole head: " + text);
        }
        return head;
    }

    /// Reads a chunked body from pieces of `step` bytes, and writes its trailers behind its data.
    static Heads chunked(String text, int step) {
        ChunkedBody body = new ChunkedBody();
        byte[] bytes = text.getBytes(ISO_8859_1);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        ByteBuffer out = ByteBuffer.allocate(bytes.length + (64 << 10));
        try {
            boolean complete = false;
            for (int to = 0; !complete && to < bytes.length; ) {
                to = step > bytes.length ? bytes.length : Math.min(bytes.length, to + step);
                complete = body.read(in.limit(to), out);
            }
            if (complete && !body.writeTrailers(out)) {
                throw new IllegalStateException("trailers over their bound");
            }
            return new Heads(
                    null, complete ? in.position() : -1, new String(out.array(), 0, out.position(), ISO_8859_1));
        } catch (BadMessageException e) {
            return new Heads(e.rule(), -1, "");
        }
    }

    static Heads chunked(String text) {
        return chunked(text, Integer.MAX_VALUE);
    }
}
