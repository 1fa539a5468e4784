package tunnel.server.edge;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import tunnel.net.Buffers;
import tunnel.net.Deadlines.Deadline;
import tunnel.net.PlainTransport;
import tunnel.net.Resources;
import tunnel.server.edge.HttpHead.BadHead;
import tunnel.server.registry.Limits;

/// Reads the head of a connection's first request, within {@link Limits#head} and {@link Limits#headBytes}. Its buffer grows
/// with the head, since most are small and many may be under way; it goes back when this is closed.
final class HeadReader implements AutoCloseable {
    private final PlainTransport connection;
    private final Limits limits;
    private final Resources resources;

    private ByteBuffer buffer;

    HeadReader(PlainTransport connection, Limits limits, Resources resources) {
        this.connection = connection;
        this.limits = limits;
        this.resources = resources;
        this.buffer = resources.buffers().take(Buffers.SMALL);
    }

    /// The head, or null where the connection ended before its first byte.
    @Nullable HttpHead read() throws IOException, BadHead {
        try (Deadline deadline = resources.deadlines().after(limits.head(), connection::shutdownInput)) {
            int end = -1;
            while (end < 0) {
                makeRoom();
                int before = buffer.position();
                if (connection.read(buffer) < 0) {
                    if (deadline.expired()) {
                        throw new BadHead(408, "its head was not complete within " + limits.head().toSeconds() + " s");
                    }
                    if (before == 0) {
                        return null;
                    }
                    throw new BadHead(400, "the connection ended inside the head");
                }
                end = HttpHead.end(buffer, before - 3);
            }
            return HttpHead.parse(buffer, end);
        }
    }

    private void makeRoom() throws BadHead {
        if (buffer.position() >= limits.headBytes()) {
            throw new BadHead(431, "its head is over " + limits.headBytes() + " bytes long");
        }
        if (!buffer.hasRemaining()) {
            ByteBuffer larger = resources.buffers().take(buffer.capacity() + 1);
            larger.put(buffer.flip());
            resources.buffers().give(buffer);
            buffer = larger;
        }
        buffer.limit(Math.min(buffer.capacity(), limits.headBytes()));
    }

    /// All that was read: the head and whatever came with it. Valid until this is closed.
    ByteBuffer bytes() {
        return buffer.duplicate().flip();
    }

    @Override
    public void close() {
        resources.buffers().give(buffer);
    }
}
