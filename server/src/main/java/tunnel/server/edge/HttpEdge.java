package tunnel.server.edge;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tunnel.log.Printable;
import tunnel.net.Addresses;
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
        try {
            Exchange exchange = begin(connection, routes);
            if (exchange != null) {
                exchange.run();
            }
        } catch (BadHead e) {
            log.info("{} refused with {}: {}", Addresses.text(connection.remote()), e.status(), e.getMessage());
            var _ = answer(connection, page(e), true, true);
            Lingering.read(connection, resources.buffers());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Reads the first request's head and opens a stream for it. Null where the connection was closed without a request, as
    /// browsers do with spare ones.
    private @Nullable Exchange begin(PlainTransport connection, Routes routes)
            throws IOException, BadHead, InterruptedException {
        try (HeadReader reader = new HeadReader(connection, limits, resources)) {
            HttpHead head = reader.read();
            if (head == null) {
                return null;
            }
            Exchange exchange = new Exchange(connection, head, routes.find(head.host()));
            exchange.open(reader.bytes());
            return exchange;
        }
    }

    private static ErrorPage page(BadHead e) {
        return ErrorPage.forStatus(e.status());
    }

    /// Writes an answer of the edge's own. Bounded as a last word is: when time is up the connection is closed.
    ///
    /// @return the bytes written
    private int answer(PlainTransport connection, ErrorPage page, boolean html, boolean body) {
        var _ = resources.deadlines().after(Lingering.TIME, connection::close);
        int bytes = 0;
        try {
            bytes = connection.write(page.response(html ? PageFormat.HTML : PageFormat.TEXT, body, ""));
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
        private final @Nullable Tunnel tunnel;
        private final VisitorConnection visitor;
        private final long startNanos = System.nanoTime();
        private volatile int answered; // the status of our own answer, or 0
        private volatile int answerBytes;

        Exchange(PlainTransport connection, HttpHead head, @Nullable Tunnel tunnel) {
            this.connection = connection;
            this.head = head;
            this.tunnel = tunnel;
            this.visitor = new VisitorConnection(connection, resources.buffers(), this::refused);
        }

        /// With all that the visitor has sent so far, which is copied.
        void open(ByteBuffer first) throws InterruptedException {
            if (tunnel == null) {
                answer(ErrorPage.NO_SUCH_TUNNEL);
            } else {
                visitor.open(tunnel, first);
            }
        }

        void run() throws InterruptedException {
            try {
                visitor.relay();
                if (answered != 0) {
                    Lingering.read(connection, resources.buffers());
                }
            } finally {
                log();
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

        private void log() {
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
