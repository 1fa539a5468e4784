package tunnel.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells connections that were not let in why: a few at a time, each on a virtual thread of its own and for a second at the
/// most. Where too many come at once the others are closed without a word.
public final class LastWords implements AutoCloseable {
    /// At once: what a crowd of browsers needs, and no flood is worth.
    public static final int MOST = 64;

    private static final Logger log = LoggerFactory.getLogger(LastWords.class);
    private static final AtomicLong numbers = new AtomicLong();

    private final Resources resources;
    private final Semaphore permits = new Semaphore(MOST);
    private final Set<PlainTransport> open = ConcurrentHashMap.newKeySet();

    public LastWords(Resources resources) {
        this.resources = resources;
    }

    /// Says it and closes the connection, which is this object's from here on. Never blocks.
    ///
    /// @param word made only where there is time to say it
    public void say(SocketChannel connection, Supplier<ByteBuffer> word) {
        if (!permits.tryAcquire()) {
            close(connection);
            return;
        }
        Thread.ofVirtual().name("refused-" + numbers.incrementAndGet()).start(() -> {
            try (connection;
                    PlainTransport transport = new PlainTransport(connection);
                    var _ = resources.deadlines().after(Lingering.TIME, transport::close)) {
                say(transport, word);
            } catch (IOException e) {
                log.debug("a last word was not wanted: {}", e.getMessage());
            } finally {
                permits.release();
            }
        });
    }

    private void say(PlainTransport transport, Supplier<ByteBuffer> word) throws IOException {
        open.add(transport);
        try {
            transport.write(word.get());
            transport.shutdownOutput();
            Lingering.read(transport, resources.buffers());
        } finally {
            open.remove(transport);
        }
    }

    /// Closes a connection without a word. Never blocks, never fails.
    public static void close(SocketChannel connection) {
        try {
            connection.close();
        } catch (IOException e) {
            log.debug("closing a refused connection failed: {}", e.getMessage());
        }
    }

    /// Closes those that are still being told.
    @Override
    public void close() {
        open.forEach(PlainTransport::close);
    }
}
