package tunnel.channel;

import java.io.IOException;
import java.nio.ByteBuffer;

/// The half of a stream that this side sends. One thread sends; {@link #reset} may come from any.
public interface StreamOutput {
    /// Sends bytes, and blocks while the other side does not take them.
    ///
    /// @param data the payload from position {@link tunnel.protocol.Codec#HEADER} to the limit; the bytes before it are
    ///     overwritten
    /// @throws StreamResetException when the stream broke; there is nothing left to send then
    void send(ByteBuffer data) throws IOException;

    /// Ends this half in order. Nothing may be sent after it.
    ///
    /// @throws StreamResetException when the stream broke
    void end() throws IOException;

    /// The two in one, with one write where that can be.
    ///
    /// @param data as for {@link #send}
    default void sendLast(ByteBuffer data) throws IOException {
        send(data);
        end();
    }

    /// Breaks the stream behind what was sent, which arrives all the same. In place of {@link #end}, by the thread that sends.
    void cutOff();

    /// Breaks the stream, both halves, at once: what was sent last may be lost. Never waits for the peer; may be called again, and after the end.
    void reset();
}
