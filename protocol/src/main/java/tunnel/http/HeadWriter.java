package tunnel.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;

/// Writes a head anew: a start line, fields, an empty line. What is written as text must have been checked: nothing here
/// looks for line ends in it.
public final class HeadWriter {
    private static final byte[] CRLF = {'\r', '\n'};
    private static final byte[] COLON = {':', ' '};
    private static final byte[] VERSION = "HTTP/1.1".getBytes(ISO_8859_1);

    private final ByteBuffer out;

    /// @param out written from its position on; an overflow is the caller's fault, who has bounded what it writes
    public HeadWriter(ByteBuffer out) {
        this.out = out;
    }

    /// The request line: method, target without its authority, HTTP/1.1.
    public HeadWriter requestLine(RequestHead head) {
        ByteBuffer bytes = head.bytes();
        copy(bytes, head.methodStart(), head.methodEnd());
        out.put((byte) ' ');
        if (head.pathStart() == head.targetEnd()) { // RFC 9112, section 3.2.4, for OPTIONS
            out.put((byte) (head.isMethod("OPTIONS") ? '*' : '/'));
        } else if (bytes.get(head.pathStart()) == '?') {
            out.put((byte) '/');
        }
        copy(bytes, head.pathStart(), head.targetEnd());
        out.put((byte) ' ').put(VERSION).put(CRLF);
        return this;
    }

    /// The status line, in HTTP/1.1 whatever the version was.
    public HeadWriter statusLine(ResponseHead head) {
        int status = head.status();
        out.put(VERSION).put((byte) ' ');
        out.put((byte) ('0' + status / 100)).put((byte) ('0' + status / 10 % 10)).put((byte) ('0' + status % 10));
        out.put((byte) ' ');
        copy(head.bytes(), head.reasonStart(), head.reasonEnd());
        out.put(CRLF);
        return this;
    }

    /// A field as it came.
    public HeadWriter field(Head head, int field) {
        return field(head.bytes(), head.fields(), field);
    }

    HeadWriter field(ByteBuffer bytes, Fields fields, int field) {
        copy(bytes, fields.nameStart(field), fields.nameEnd(field));
        out.put(COLON);
        copy(bytes, fields.valueStart(field), fields.valueEnd(field));
        out.put(CRLF);
        return this;
    }

    /// A field of our own.
    public HeadWriter field(String name, String value) {
        return text(name).text(": ").text(value).text("\r\n");
    }

    /// A field, or several, ready made: with CR LF at the end.
    public HeadWriter lines(byte[] lines) {
        out.put(lines);
        return this;
    }

    /// A field whose value is a number.
    public HeadWriter field(String name, long value) {
        return field(name, Long.toString(value));
    }

    /// The empty line.
    public void end() {
        out.put(CRLF);
    }

    private HeadWriter text(String text) {
        out.put(text.getBytes(ISO_8859_1));
        return this;
    }

    private void copy(ByteBuffer bytes, int from, int to) {
        out.put(out.position(), bytes, from, to - from);
        out.position(out.position() + to - from);
    }
}
