package tunnel.server.registry;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tunnel.channel.StreamOutput;
import tunnel.protocol.Bytes;

/// Whoever holds tunnels: a session, as the registry and the edge see it. Thread-safe.
public interface Owner {
    /// The id of the token that it logged in with.
    Bytes token();

    /// What that token may have at this moment.
    Rights rights();

    /// Whether its client answers a ping in time. Waits that long.
    boolean answersWithin(Duration time) throws InterruptedException;

    /// Ends it because its client is gone. On return its tunnels are free.
    void lost();

    /// Carries a visitor to the client. Waits for a data channel, within {@link Limits.Streams#accept}. When there is none, or the
    /// client refuses, now or later, {@link Visitor#refused} is called and the stream is reset.
    ///
    /// @param first what the visitor has sent already, or null; copied, at most 48 KiB
    /// @return the visitor's half of the stream, on which the caller goes on
    StreamOutput open(Tunnel tunnel, Visitor visitor, @Nullable ByteBuffer first) throws InterruptedException;
}
