package tunnel.http;

import java.nio.ByteBuffer;

/// Frames data as a chunk (RFC 9112, section 7.1) in the buffer that the data is in: room is left before the data for its
/// size, which is not known before.
public final class ChunkWriter {
    /// The most that a chunk's frame takes before the data: 8 digits, CR LF.
    public static final int BEFORE = 10;
    /// What it takes behind the data, CR LF, and what the last chunk needs without trailers, `0 CR LF CR LF`.
    public static final int BEHIND = 2 + 5;

    private static final int LAST = 5;

    private ChunkWriter() {}

    /// Frames the data in `[dataStart, out.position())`, if there is any; there are at least {@link #BEFORE} bytes of room
    /// before it, and 2 behind.
    ///
    /// @return where the chunk begins
    public static int frame(ByteBuffer out, int dataStart) {
        int length = out.position() - dataStart;
        if (length == 0) {
            return dataStart;
        }
        int start = dataStart - 2;
        out.put(start, (byte) '\r').put(start + 1, (byte) '\n');
        for (int rest = length; rest > 0; rest >>>= 4) {
            out.put(--start, (byte) "0123456789abcdef".charAt(rest & 0xF));
        }
        out.put((byte) '\r').put((byte) '\n');
        return start;
    }

    /// Writes the last chunk, with the trailers of the body that was read where they may go on.
    ///
    /// @return false where there is too little room; nothing was written then
    public static boolean end(ByteBuffer out, ChunkedBody body) {
        int before = out.position();
        if (out.remaining() < LAST) {
            return false;
        }
        out.put((byte) '0').put((byte) '\r').put((byte) '\n');
        if ((body.hasTrailers() && !body.writeTrailers(out)) || out.remaining() < 2) {
            out.position(before);
            return false;
        }
        out.put((byte) '\r').put((byte) '\n');
        return true;
    }
}
