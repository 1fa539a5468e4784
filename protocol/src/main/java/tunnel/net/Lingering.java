package tunnel.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;

/// How to end a connection so that the last word arrives. A socket closed over unread input is reset, and what it sent last
/// is lost with it, so what the peer still sends is read first: for at most 1 s, or 64 KiB.
public final class Lingering {
    /// The longest that a last word and the reading behind it may take.
    public static final Duration TIME = Duration.ofSeconds(1);

    private static final int BYTES = 64 << 10;

    private Lingering() {}

    /// Reads to the end of input, or to the bound on bytes; the bound on time is the caller's to set. By the reader's thread. Nothing
    /// is decrypted: what breaks a rule of TLS would end it too early.
    public static void read(Transport transport, Buffers buffers) {
        ByteBuffer scratch = buffers.take(Buffers.SMALL);
        try {
            int left = BYTES;
            while (left > 0) {
                int read = transport.carrier().read(scratch.clear());
                left = read < 0 ? 0 : left - read;
            }
        } catch (IOException e) {
            // the peer is gone: nobody is left to read the last word
        } finally {
            buffers.give(scratch);
        }
    }
}
