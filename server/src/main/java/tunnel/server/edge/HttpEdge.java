package tunnel.server.edge;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tunnel.log.Printable;
import tunnel.net.Addresses;
import tunnel.net.Buffers;
import tunnel.net.Deadlines.Deadline;
import tunnel.net.Lingering;
import tunnel.net.PlainTransport;
import tunnel.net.Resources;
import tunnel.server.edge.HttpHead.BadHead;
import tunnel.server.registry.Limits;
import tunnel.server.registry.Refusal;
import tunnel.server.registry.Tunnel;

/// The HTTP side of the edge: reads the head of a connection's first request, finds the tunnel that its Host means, and
/// relays the connection there as it is.
final class HttpEdge {
    private static final Logger log = LoggerFactory.getLogger(HttpEdge.class);

    private final Limits limits;
    private final Resources resources;

    HttpEdge(Limits limits, Resources resources) {
        this.limits = limits;
        this.resources = resources;
    }

    /// How a request finds its tunnel.
    @FunctionalInterface
    interface Routes {
        /// The tunnel for a Host, or null.
        @Nullable Tunnel find(String host);
    }

    /// Serves one visitor's connection on its thread.
    void serve(PlainTransport connection, Routes routes) throws IOException {
        ByteBuffer buffer = resources.buffers().take(Buffers.LARGE);
        try {
            serve(connection, routes, buffer);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            resources.buffers().give(buffer);
        }
    }

    private void serve(PlainTransport connection, Routes routes, ByteBuffer buffer)
            throws IOException, InterruptedException {
        HttpHead head;
        try {
            head = read(connection, buffer);
        } catch (BadHead e) {
            log.info("{} refused with {}: {}", Addresses.text(connection.remote()), e.status(), e.getMessage());
            var _ = answer(connection, page(e), true, true);
            Lingering.read(connection, resources.buffers());
            return;
        }
        if (head == null) {
            return; // closed without a request, as browsers do with spare connections
        }
        new Exchange(connection, head).run(routes.find(head.host()), buffer.flip());
    }

    private static ErrorPage page(BadHead e) {
        return switch (e.status()) {
            case 408 -> ErrorPage.TOO_SLOW;
            case 431 -> ErrorPage.TOO_LARGE;
            default -> ErrorPage.badHead(e);
        };
    }

    /// Reads up to the end of the head and whatever came with it, which stays in the buffer. Null where nothing came.
    private @Nullable HttpHead read(PlainTransport connection, ByteBuffer buffer) throws IOException, BadHead {
        buffer.limit(limits.headBytes());
        try (Deadline deadline = resources.deadlines().after(limits.head(), connection::shutdownInput)) {
            int end = -1;
            while (end < 0) {
                if (!buffer.hasRemaining()) {
                    throw new BadHead(431, "its head is over " + limits.headBytes() + " bytes long");
                }
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

    /// Writes an answer of the edge's own. Bounded as a last word is: when time is up the connection is closed.
    ///
    /// @return the bytes written
    private int answer(PlainTransport connection, ErrorPage page, boolean html, boolean body) {
        var _ = resources.deadlines().after(Lingering.TIME, connection::close);
        int bytes = 0;
        try {
            bytes = connection.write(page.response(html, body));
            connection.shutdownOutput();
        } catch (IOException e) {
            log.debug("an answer with {} was not wanted: {}", page.status(), e.getMessage());
        }
        return bytes;
    }

    /// One connection's first request and all that follows it.
    private final class Exchange {
        private final PlainTransport connection;
        private final HttpHead head;
        private final VisitorConnection visitor;
        private final long startNanos = System.nanoTime();
        private volatile int answered; // the status of our own answer, or 0
        private volatile int answerBytes;

        Exchange(PlainTransport connection, HttpHead head) {
            this.connection = connection;
            this.head = head;
            this.visitor = new VisitorConnection(connection, resources.buffers(), this::refused);
        }

        void run(@Nullable Tunnel tunnel, ByteBuffer first) throws InterruptedException {
            try {
                if (tunnel == null) {
                    answer(ErrorPage.NO_SUCH_TUNNEL);
                } else {
                    visitor.relay(tunnel, first);
                }
                if (answered != 0) {
                    Lingering.read(connection, resources.buffers());
                }
            } finally {
                log(tunnel);
            }
        }

        private void refused(Refusal why) {
            answer(switch (why) {
                case NO_DATA_CHANNEL -> ErrorPage.NO_DATA_CHANNEL;
                case LOCAL_UNREACHABLE -> ErrorPage.LOCAL_UNREACHABLE;
                case LOCAL_TIMEOUT -> ErrorPage.LOCAL_TIMEOUT;
                case CLIENT_LOST -> ErrorPage.CLIENT_LOST;
            });
        }

        private void answer(ErrorPage page) {
            answered = page.status();
            answerBytes = HttpEdge.this.answer(connection, page, head.wantsHtml(), !head.method().equals("HEAD"));
        }

        private void log(@Nullable Tunnel tunnel) {
            int status = answered != 0 ? answered : visitor.responseStart().status();
            log.info(
                    "{} {} {} {} {} B {} ms {}",
                    tunnel == null ? Printable.of(head.host()) : tunnel,
                    Printable.of(head.method()),
                    Printable.of(head.target()),
                    status == 0 ? "-" : status,
                    visitor.received() + answerBytes,
                    visitor.responseStart().millisSince(startNanos),
                    Addresses.text(connection.remote()));
        }
    }
}
