package tunnel.http;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Takes a chunked body apart as it comes (RFC 9112, section 7.1): data, chunk by chunk and without the chunks' frames, then
/// the trailers. Extensions are checked and dropped. Used again for body after body; one thread at a time.
public final class ChunkedBody {
    private static final int MOST_SIZE_DIGITS = 16;
    private static final int MOST_EXTENSION_BYTES = 16 << 10;

    private enum State {
        SIZE,
        EXTENSION_NAME,
        EXTENSION_VALUE,
        EXTENSION_QUOTED,
        EXTENSION_ESCAPED,
        EXTENSION_QUOTED_END,
        SIZE_LF,
        DATA,
        DATA_CR,
        DATA_LF,
        TRAILERS,
        END
    }

    private State state = State.SIZE;
    private long left; // in the present chunk
    private int digits; // of its size
    private int parts; // octets of the present extension's name or value
    private int extensionBytes; // of the whole message

    private final Fields trailers = new Fields();
    private List<String> leftOut = List.of();
    private byte @Nullable [] trailerBytes; // made at the first trailer
    private int trailersEnd;

    /// Begins another body.
    public void begin() {
        begin(List.of());
    }

    /// Begins another body.
    ///
    /// @param names of trailers that are not to go on, in lower case and with hyphens for underscores
    public void begin(List<String> names) {
        leftOut = names;
        state = State.SIZE;
        left = 0;
        digits = 0;
        parts = 0;
        extensionBytes = 0;
        trailers.clear();
        trailerBytes = null;
        trailersEnd = 0;
    }

    /// Whether the whole body was read, trailers included.
    public boolean isComplete() {
        return state == State.END;
    }

    /// Moves data from `in` to `out`, until the body is complete, `in` is empty or `out` is full.
    ///
    /// @return whether it is complete
    public boolean read(ByteBuffer in, ByteBuffer out) throws BadMessageException {
        while (in.hasRemaining() && state != State.END) {
            if (state == State.DATA) {
                if (!out.hasRemaining()) {
                    return false;
                }
                copy(in, out);
            } else {
                step(in.get());
            }
        }
        return state == State.END;
    }

    private void copy(ByteBuffer in, ByteBuffer out) {
        int length = (int) Math.min(left, Math.min(in.remaining(), out.remaining()));
        out.put(out.position(), in, in.position(), length);
        out.position(out.position() + length);
        in.position(in.position() + length);
        left -= length;
        if (left == 0) {
            state = State.DATA_CR;
        }
    }

    private void step(int octet) throws BadMessageException {
        switch (state) {
            case SIZE -> size(octet);
            case EXTENSION_NAME, EXTENSION_VALUE, EXTENSION_QUOTED, EXTENSION_ESCAPED, EXTENSION_QUOTED_END -> {
                if (++extensionBytes > MOST_EXTENSION_BYTES) {
                    throw new BadMessageException(Rule.CHUNK_EXTENSIONS_TOO_LARGE);
                }
                extension(octet);
            }
            case SIZE_LF -> {
                expect(octet, '\n', Rule.BARE_CR);
                state = left > 0 ? State.DATA : State.TRAILERS;
                digits = 0;
            }
            case DATA_CR -> {
                expect(octet, '\r', octet == '\n' ? Rule.BARE_LF : Rule.CHUNK_TERMINATOR);
                state = State.DATA_LF;
            }
            case DATA_LF -> {
                expect(octet, '\n', Rule.BARE_CR);
                state = State.SIZE;
            }
            case TRAILERS -> trailer(octet);
            case DATA, END -> throw new IllegalStateException(state.name());
        }
    }

    private static void expect(int octet, char wanted, Rule rule) throws BadMessageException {
        if (octet != wanted) {
            throw new BadMessageException(rule);
        }
    }

    private void size(int octet) throws BadMessageException {
        int digit = Octets.hex(octet);
        if (digit >= 0 && digits < MOST_SIZE_DIGITS) {
            digits++;
            left = left << 4 | digit;
        } else if (digits > 0 && left >= 0 && octet == '\r') {
            state = State.SIZE_LF;
        } else if (digits > 0 && left >= 0 && octet == ';') {
            state = State.EXTENSION_NAME;
            parts = 0;
        } else {
            throw new BadMessageException(octet == '\n' ? Rule.BARE_LF : Rule.CHUNK_SIZE);
        }
    }

    private void extension(int octet) throws BadMessageException {
        switch (state) {
            case EXTENSION_NAME, EXTENSION_VALUE -> {
                boolean inValue = state == State.EXTENSION_VALUE;
                if (Octets.isToken(octet)) {
                    parts++;
                } else if (parts > 0 && octet == '=' && !inValue) {
                    state = State.EXTENSION_VALUE;
                    parts = 0;
                } else if (parts == 0 && octet == '"' && inValue) {
                    state = State.EXTENSION_QUOTED;
                } else {
                    extensionEnd(octet, parts > 0);
                }
            }
            case EXTENSION_QUOTED -> {
                if (octet == '"') {
                    state = State.EXTENSION_QUOTED_END;
                } else if (octet == '\\') {
                    state = State.EXTENSION_ESCAPED;
                } else if (Octets.isControl(octet)) {
                    extensionEnd(octet, false);
                }
            }
            case EXTENSION_ESCAPED -> {
                if (Octets.isControl(octet)) {
                    extensionEnd(octet, false);
                }
                state = State.EXTENSION_QUOTED;
            }
            case EXTENSION_QUOTED_END -> extensionEnd(octet, true);
            default -> throw new IllegalStateException(state.name());
        }
    }

    private void extensionEnd(int octet, boolean whole) throws BadMessageException {
        if (whole && octet == '\r') {
            state = State.SIZE_LF;
        } else if (whole && octet == ';') {
            state = State.EXTENSION_NAME;
            parts = 0;
        } else {
            throw new BadMessageException(octet == '\n' ? Rule.BARE_LF : Rule.CHUNK_EXTENSION);
        }
    }

    /// Collects trailers up to their empty line, and reads each line when it is complete.
    private void trailer(int octet) throws BadMessageException {
        if (trailersEnd == Fields.MOST_BYTES) {
            throw new BadMessageException(Rule.HEAD_TOO_LARGE);
        }
        byte[] bytes = trailerBytes;
        if (bytes == null || trailersEnd == bytes.length) {
            bytes = bytes == null ? new byte[256] : Arrays.copyOf(bytes, bytes.length * 2);
            trailerBytes = bytes;
        }
        bytes[trailersEnd++] = (byte) octet;
        boolean afterCr = trailersEnd > 1 && bytes[trailersEnd - 2] == '\r';
        if (octet == '\n' && !afterCr) {
            throw new BadMessageException(Rule.BARE_LF);
        }
        if (afterCr && octet != '\n') {
            throw new BadMessageException(Rule.BARE_CR);
        }
        if (octet == '\n') {
            trailerLine(bytes);
        } else if (octet != '\r' && Octets.isControl(octet)) {
            throw new BadMessageException(Rule.CONTROL_CHARACTER);
        }
    }

    private void trailerLine(byte[] bytes) throws BadMessageException {
        int from = trailersEnd - 2;
        while (from > 0 && bytes[from - 1] != '\n') {
            from--;
        }
        if (from == trailersEnd - 2) {
            state = State.END;
        } else {
            trailers.add(ByteBuffer.wrap(bytes), from, trailersEnd - 2);
        }
    }

    /// Whether there is a trailer that may go on.
    boolean hasTrailers() {
        for (int field = 0; field < trailers.count(); field++) {
            if (goesOn(field)) {
                return true;
            }
        }
        return false;
    }

    private boolean goesOn(int field) {
        byte[] bytes = trailerBytes;
        if (bytes == null) {
            return false;
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        FieldName name = FieldName.asRead(buffer, trailers.nameStart(field), trailers.nameEnd(field));
        return name.isAllowedInTrailers() && leftOut.stream().noneMatch(other -> trailers.isNamed(buffer, field, other));
    }

    /// Writes the trailers that may go on (RFC 9110, section 6.5.1): none that say where a message goes, where it ends, who
    /// sends it or what it is.
    ///
    /// @return false where there is too little room in `out`, in which nothing was written then
    boolean writeTrailers(ByteBuffer out) {
        byte[] bytes = trailerBytes;
        if (bytes == null) {
            return true;
        }
        if (out.remaining() < trailersEnd + 2 * trailers.count()) {
            return false;
        }
        HeadWriter writer = new HeadWriter(out);
        for (int field = 0; field < trailers.count(); field++) {
            if (goesOn(field)) {
                writer.field(ByteBuffer.wrap(bytes), trailers, field);
            }
        }
        return true;
    }
}
