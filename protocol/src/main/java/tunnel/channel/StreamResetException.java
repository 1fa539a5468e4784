package tunnel.channel;

import java.io.IOException;
import java.io.Serial;

/// The stream broke, at the other end or at this one; the data channel below it is fine.
public final class StreamResetException extends IOException {
    @Serial
    private static final long serialVersionUID = 1;

    public StreamResetException() {
        super("the stream was reset");
    }
}
