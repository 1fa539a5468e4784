package tunnel.channel;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The half of a stream that the other side sends. Only the data channel's thread may call it.
public interface StreamInput {
    /// The next bytes, valid until the next call, or null when the half has ended in order; again null once this side's half has ended too.
    ///
    /// @throws StreamResetException when the other side broke the stream
    /// @throws IOException when the data channel is lost
    @Nullable ByteBuffer next() throws IOException;

    /// Reads on to the end of the half and throws it away: for a stream that this side has reset, so that its data channel
    /// can serve the next one.
    ///
    /// @throws IOException when the data channel is lost, or the other side sends too much before it ends
    void discard() throws IOException;
}
