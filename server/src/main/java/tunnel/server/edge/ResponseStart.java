package tunnel.server.edge;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import tunnel.channel.StreamInput;

/// Notes the first bytes that come back on a stream, and when: for the log.
final class ResponseStart {
    private static final int STATUS_AT = "HTTP/1.1 ".length();

    private volatile long nanos; // of System.nanoTime, 0 before
    private volatile int status; // of HTTP, 0 where it is none

    /// The same input, watched.
    StreamInput watching(StreamInput in) {
        return new StreamInput() {
            @Override
            public @Nullable ByteBuffer next() throws IOException {
                ByteBuffer data = in.next();
                if (nanos == 0 && data != null) {
                    note(data);
                }
                return data;
            }

            @Override
            public void discard() throws IOException {
                in.discard();
            }
        };
    }

    private void note(ByteBuffer data) {
        nanos = System.nanoTime();
        if (data.remaining() >= STATUS_AT + 3 && data.get(data.position()) == 'H') {
            int at = data.position() + STATUS_AT;
            int value = digit(data.get(at)) * 100 + digit(data.get(at + 1)) * 10 + digit(data.get(at + 2));
            status = value >= 100 && value <= 999 ? value : 0;
        }
    }

    private static int digit(byte b) {
        return b >= '0' && b <= '9' ? b - '0' : -1000;
    }

    /// The status of HTTP, or 0.
    int status() {
        return status;
    }

    /// Milliseconds from `startNanos` to the first byte, or to now where none came.
    long millisSince(long startNanos) {
        return ((nanos == 0 ? System.nanoTime() : nanos) - startNanos) / 1_000_000;
    }
}
