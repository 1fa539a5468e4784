package tunnel.http;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// A message's head as it is read, line by line as they come: a line that breaks a rule is refused before the next one is
/// there. Nothing is copied: a head is a set of places in the buffer that it was read from, which must keep its bytes where
/// they are while the head is used. Used again for message after message; one thread at a time.
public abstract sealed class Head permits RequestHead, ResponseHead {
    private final Fields fields = new Fields();
    private @Nullable ByteBuffer bytes;
    private int begun;
    private int lineStart;
    private int scanned;
    private int fieldsStart; // 0 before the start line is complete
    private int connectionOptions;
    private boolean close;
    private boolean upgradeOption;

    /// Begins a new head.
    ///
    /// @param start where it begins in the buffer
    public void begin(int start) {
        fields.clear();
        begun = start;
        lineStart = start;
        scanned = start;
        fieldsStart = 0;
        connectionOptions = 0;
        close = false;
        upgradeOption = false;
    }

    /// Reads what is new in the buffer.
    ///
    /// @param source the bytes from the start that {@link #begin} was told, at the same places as before
    /// @param end where the bytes end that are there so far; the buffer's position and limit do not matter
    /// @return where the head ends, or -1 where more is needed
    public int read(ByteBuffer source, int end) throws BadMessageException {
        bytes = source;
        while (scanned < end) {
            int octet = source.get(scanned);
            if (!Octets.isControl(octet)) {
                scanned++;
            } else if (octet != '\r') {
                throw new BadMessageException(octet == '\n' ? Rule.BARE_LF : Rule.CONTROL_CHARACTER);
            } else if (scanned + 1 == end) {
                break;
            } else if (source.get(scanned + 1) != '\n') {
                throw new BadMessageException(Rule.BARE_CR);
            } else if (line(source)) {
                return scanned;
            }
        }
        if (fieldsStart == 0) {
            checkStartLine(source, lineStart, scanned);
        } else {
            checkFields();
        }
        return -1;
    }

    /// What has been read so far was moved to another buffer, to the same places: the one before is not looked at again.
    public final void movedTo(ByteBuffer other) {
        bytes = other;
    }

    /// @return whether it was the head's last, empty line
    private boolean line(ByteBuffer source) throws BadMessageException {
        int from = lineStart;
        int to = scanned;
        scanned += 2;
        lineStart = scanned;
        if (fieldsStart == 0) {
            if (startLine(source, from, to)) {
                fieldsStart = scanned;
            }
            return false;
        }
        if (from == to) {
            connection(source);
            complete(source);
            return true;
        }
        fields.add(source, from, to);
        checkFields();
        return false;
    }

    private void checkFields() throws BadMessageException {
        if (scanned - fieldsStart > Fields.MOST_BYTES) {
            throw new BadMessageException(Rule.HEAD_TOO_LARGE);
        }
    }

    /// Reads the first line, which has no control characters in it.
    ///
    /// @return false for an empty line that may come before it
    abstract boolean startLine(ByteBuffer source, int from, int to) throws BadMessageException;

    /// Looks at a first line that is not complete yet.
    abstract void checkStartLine(ByteBuffer source, int from, int to) throws BadMessageException;

    /// All fields are there.
    abstract void complete(ByteBuffer source) throws BadMessageException;

    /// Notes what `Connection` says, and drops the fields that it names.
    private void connection(ByteBuffer source) throws BadMessageException {
        for (int field = fields.find(FieldName.CONNECTION, 0); field >= 0; field = fields.find(FieldName.CONNECTION, field + 1)) {
            for (int at = fields.valueStart(field); at < fields.valueEnd(field); ) {
                int end = elementEnd(source, at, fields.valueEnd(field));
                option(source, trimmedStart(source, at, end), trimmedEnd(source, at, end));
                at = end + 1;
            }
        }
    }

    private void option(ByteBuffer source, int from, int to) throws BadMessageException {
        if (from == to) {
            return; // an empty element means nothing (RFC 9110, section 5.6.1)
        }
        if (++connectionOptions > Fields.MOST || !Octets.isToken(source, from, to)) {
            throw new BadMessageException(Rule.CONNECTION_OPTIONS);
        }
        if (Octets.equal(source, from, to, "close")) {
            close = true;
        } else if (Octets.equal(source, from, to, "upgrade")) {
            upgradeOption = true;
        } else if (!Octets.equal(source, from, to, "keep-alive")) {
            fields.drop(source, from, to);
        }
    }

    /// Where the list element at `from` ends: at a comma, or at `to`.
    static int elementEnd(ByteBuffer source, int from, int to) {
        int end = from;
        while (end < to && source.get(end) != ',') {
            end++;
        }
        return end;
    }

    static int trimmedStart(ByteBuffer source, int from, int to) {
        int start = from;
        while (start < to && Octets.isBlank(source.get(start))) {
            start++;
        }
        return start;
    }

    static int trimmedEnd(ByteBuffer source, int from, int to) {
        int end = to;
        while (end > from && Octets.isBlank(source.get(end - 1))) {
            end--;
        }
        return Math.max(end, trimmedStart(source, from, to));
    }

    /// The length that Content-Length states, or -1 where there is none.
    long contentLength(ByteBuffer source) throws BadMessageException {
        int field = fields.find(FieldName.CONTENT_LENGTH, 0);
        if (field < 0) {
            return -1;
        }
        if (fields.find(FieldName.CONTENT_LENGTH, field + 1) >= 0) {
            throw new BadMessageException(Rule.LENGTH_REPEATED);
        }
        int from = fields.valueStart(field);
        int to = fields.valueEnd(field);
        long length = 0;
        for (int i = from; i < to; i++) {
            if (!Octets.isDigit(source.get(i))) {
                throw new BadMessageException(Rule.LENGTH_MALFORMED);
            }
            length = length * 10 + source.get(i) - '0';
            if (i - from >= 18) {
                throw new BadMessageException(Rule.LENGTH_MALFORMED);
            }
        }
        if (from == to) {
            throw new BadMessageException(Rule.LENGTH_MALFORMED);
        }
        return length;
    }

    /// Whether Transfer-Encoding says chunked, which is all that it may say.
    boolean isChunked(ByteBuffer source, boolean isVersion11) throws BadMessageException {
        int field = fields.find(FieldName.TRANSFER_ENCODING, 0);
        if (field < 0) {
            return false;
        }
        if (!isVersion11) {
            throw new BadMessageException(Rule.CODING_IN_1_0);
        }
        if (fields.find(FieldName.CONTENT_LENGTH, 0) >= 0) {
            throw new BadMessageException(Rule.LENGTH_AND_CODING);
        }
        boolean chunked = false;
        boolean unknown = false;
        for (; field >= 0; field = fields.find(FieldName.TRANSFER_ENCODING, field + 1)) {
            int at = fields.valueStart(field);
            do {
                int end = elementEnd(source, at, fields.valueEnd(field));
                int from = trimmedStart(source, at, end);
                int to = trimmedEnd(source, at, end);
                if (!Octets.isToken(source, from, to)) {
                    throw new BadMessageException(Rule.CODING_MALFORMED);
                }
                if (chunked) {
                    throw new BadMessageException(Rule.CODING_ORDER);
                }
                chunked = Octets.equal(source, from, to, "chunked");
                unknown |= !chunked;
                at = end + 1;
            } while (at <= fields.valueEnd(field));
        }
        if (unknown) {
            throw new BadMessageException(Rule.CODING_UNKNOWN);
        }
        return true;
    }

    /// Whether the element is in a list field, without regard to case.
    ///
    /// @param lower the element in lower case
    boolean hasElement(ByteBuffer source, FieldName name, String lower) {
        for (int field = fields.find(name, 0); field >= 0; field = fields.find(name, field + 1)) {
            for (int at = fields.valueStart(field); at < fields.valueEnd(field); ) {
                int end = elementEnd(source, at, fields.valueEnd(field));
                if (Octets.equal(source, trimmedStart(source, at, end), trimmedEnd(source, at, end), lower)) {
                    return true;
                }
                at = end + 1;
            }
        }
        return false;
    }

    /// Whether the element is in a list field as a whole, without regard to case.
    ///
    /// @param lower the element in lower case
    public final boolean hasListed(FieldName name, String lower) {
        return hasElement(bytes(), name, lower);
    }

    /// The most bytes that it takes when it is written anew with all its fields.
    public final int size() {
        return scanned - begun + fields.count() + 1; // a space behind each colon, and behind the status
    }

    /// What follows the start line.
    public final Fields fields() {
        return fields;
    }

    /// The value of the first field of a name, or null.
    public final @Nullable String value(FieldName name) {
        int field = fields.find(name, 0);
        return field < 0 ? null : value(field);
    }

    /// A field's value, without the white space around it.
    public final String value(int field) {
        return Octets.text(bytes(), fields.valueStart(field), fields.valueEnd(field));
    }

    /// Whether the field has that name, without regard to case, or to whether it has underscores or hyphens.
    ///
    /// @param lower in lower case, with hyphens
    public final boolean isNamed(int field, String lower) {
        return fields.isNamed(bytes(), field, lower);
    }

    final ByteBuffer bytes() {
        if (bytes == null) {
            throw new IllegalStateException("nothing was read");
        }
        return bytes;
    }

    /// Whether `Connection` says close.
    public final boolean saysClose() {
        return close;
    }

    /// Whether `Connection` says upgrade, without which the Upgrade field means nothing.
    final boolean saysUpgrade() {
        return upgradeOption;
    }

    /// The Upgrade field's protocols as they came, less `h2c`; null where none are left. HTTP/2 is not spoken here, and a
    /// switch to it would carry requests past all checks.
    final @Nullable String upgradeProtocols(ByteBuffer source) {
        StringBuilder protocols = new StringBuilder();
        for (int field = fields.find(FieldName.UPGRADE, 0); field >= 0; field = fields.find(FieldName.UPGRADE, field + 1)) {
            for (int at = fields.valueStart(field); at < fields.valueEnd(field); ) {
                int end = elementEnd(source, at, fields.valueEnd(field));
                int from = trimmedStart(source, at, end);
                int to = trimmedEnd(source, at, end);
                if (from < to && !Octets.startsWith(source, from, to, "h2")) {
                    protocols.append(protocols.isEmpty() ? "" : ",").append(Octets.text(source, from, to));
                }
                at = end + 1;
            }
        }
        return protocols.isEmpty() ? null : protocols.toString();
    }
}
