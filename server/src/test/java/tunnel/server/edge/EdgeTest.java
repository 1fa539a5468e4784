package tunnel.server.edge;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import tunnel.channel.StreamOutput;
import tunnel.fixture.LeakCheck;
import tunnel.fixture.LoopbackPair;
import tunnel.fixture.OwnPorts;
import tunnel.net.Addresses;
import tunnel.net.Listener;
import tunnel.net.PlainTransport;
import tunnel.net.Resources;
import tunnel.protocol.Bytes;
import tunnel.protocol.EdgeOptions;
import tunnel.protocol.TunnelProtocol;
import tunnel.server.access.AccessLog;
import tunnel.server.registry.Limits;
import tunnel.server.registry.NoRoute;
import tunnel.server.registry.Owner;
import tunnel.server.registry.Refusal;
import tunnel.server.registry.Rights;
import tunnel.server.registry.Tunnel;
import tunnel.server.registry.Visitor;

/// Tunnels that come and go, and visitors whose connections fail in odd ways, leave the others alone.
@ExtendWith(LeakCheck.class)
@Timeout(60)
class EdgeTest {
    private static final Visits QUIET = new Visits(AccessLog.OFF, TrustedProxies.NONE);

    private final Resources resources = new Resources();

    @AfterEach
    void close() {
        resources.close();
    }

    /// A session whose client has no data channel left.
    ///
    /// @param opened what each visitor's stream was opened with
    private record Busy(Bytes token, BlockingQueue<String> opened) implements Owner {
        Busy() {
            this(Bytes.random(16), new LinkedBlockingQueue<>());
        }

        @Override
        public Rights rights() {
            return Rights.ALL;
        }

        @Override
        public boolean answersWithin(Duration time) {
            return true;
        }

        @Override
        public void lost() {
            throw new UnsupportedOperationException();
        }

        @Override
        public StreamOutput open(Tunnel tunnel, Visitor visitor, @Nullable ByteBuffer first) {
            opened.add(first == null ? "" : ISO_8859_1.decode(first).toString());
            visitor.refused(Refusal.NO_DATA_CHANNEL);
            return new NoStream();
        }
    }

    private static final class NoStream implements StreamOutput {
        @Override
        public void send(ByteBuffer data) {}

        @Override
        public void end() {}

        @Override
        public void cutOff() {}

        @Override
        public void reset() {}
    }

    private static Tunnel tunnel(String name, int port) {
        List<String> urls = List.of("http://localhost:" + port + "/");
        return new Tunnel(new Busy(), 1, TunnelProtocol.HTTP, name, port, urls, EdgeOptions.NONE, Duration.ZERO);
    }

    private static String status(int port) throws IOException {
        try (Socket visitor = new Socket(InetAddress.getLoopbackAddress(), port)) {
            visitor.getOutputStream().write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(ISO_8859_1));
            return new String(visitor.getInputStream().readAllBytes(), ISO_8859_1).lines().findFirst().orElse("");
        }
    }

    private static void open(Edge edge, Tunnel tunnel) throws IOException {
        assertThat(edge.claim(tunnel)).isTrue();
        edge.open(tunnel);
    }

    @Test
    void tunnelThatIsClosedAgainLeavesTheNextOneOfItsPortAlone() throws Exception {
        try (Edge edge = new Edge(Addresses.loopback(), Limits.DEFAULT, resources, QUIET)) {
            int port = OwnPorts.take();
            Tunnel before = tunnel("blue-otter", port);
            open(edge, before);
            edge.close(before);
            open(edge, tunnel("red-fox", port));
            assertThat(status(port)).startsWith("HTTP/1.1 504 ");

            edge.close(before);

            assertThat(status(port)).startsWith("HTTP/1.1 504 ");
        }
    }

    @Test
    void anEdgeThatStopsAcceptingGivesUpWhatIsClaimedAndClaimsNoMore() throws Exception {
        try (Edge edge = new Edge(Addresses.loopback(), Limits.DEFAULT, resources, QUIET)) {
            int port = OwnPorts.take();
            Tunnel tunnel = tunnel("blue-otter", port);
            assertThat(edge.claim(tunnel)).isTrue();
            edge.stopAccepting();
            Listener.bind(Addresses.loopback(), port).close();

            edge.open(tunnel);
            assertThatThrownBy(() -> edge.claim(tunnel)).hasMessage("the server stops");
            Listener.bind(Addresses.loopback(), port).close();
        }
    }

    @Test
    void anEdgeThatIsClosedFreesWhatIsClaimed() throws Exception {
        int port = OwnPorts.take();
        try (Edge edge = new Edge(Addresses.loopback(), Limits.DEFAULT, resources, QUIET)) {
            assertThat(edge.claim(tunnel("blue-otter", port))).isTrue();
        }
        Listener.bind(Addresses.loopback(), port).close();
    }

    @Test
    void whatATcpVisitorHasSentByThenGoesWithTheOpeningOfItsStream() throws Exception {
        try (Edge edge = new Edge(Addresses.loopback(), Limits.DEFAULT, resources, QUIET)) {
            int port = OwnPorts.take();
            Busy owner = new Busy();
            Tunnel tunnel = new Tunnel(
                    owner, 1, TunnelProtocol.TCP, "blue-otter", port, List.of(), EdgeOptions.NONE, Duration.ZERO);
            assertThat(edge.claim(tunnel)).isTrue();
            try (Socket early = new Socket(InetAddress.getLoopbackAddress(), port)) {
                early.getOutputStream().write("hello".getBytes(ISO_8859_1));
                edge.open(tunnel); // lets in who waits in the kernel's queue, with what came
                assertThat(owner.opened.take()).isEqualTo("hello");
            }
            try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
                assertThat(owner.opened.take()).as("of one who is silent").isEmpty();
            }
        }
    }

    @Test
    void visitorWhoseSocketCannotBeShutDownLeavesTheOthersTheirDeadlines() throws Exception {
        Limits.Http usual = Limits.Http.DEFAULT;
        Limits.Http limits = new Limits.Http(
                Duration.ofMillis(300), usual.idle(), usual.response(), usual.parkedFor(), usual.parked());
        try (HttpEdge edge = new HttpEdge(Limits.DEFAULT.with(limits), resources, QUIET);
                ServerSocketChannel listener = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                BrokenConnection broken = new BrokenConnection(SocketChannel.open(listener.getLocalAddress()));
                LoopbackPair other = LoopbackPair.open()) {
            edge.start(ErrorPage.NO_SUCH_TUNNEL);
            Thread first = serving(edge, broken);
            broken.shutdownTried.await();

            Thread second = serving(edge, other.near());
            other.far().write(ByteBuffer.wrap("GET / HT".getBytes(ISO_8859_1)));
            ByteBuffer answer = ByteBuffer.allocate(12);
            while (answer.hasRemaining() && other.far().read(answer) >= 0) {
                // to the status
            }
            assertThat(new String(answer.array(), ISO_8859_1)).isEqualTo("HTTP/1.1 408");

            other.far().close();
            broken.reset();
            first.join();
            second.join();
        }
    }

    private static Thread serving(HttpEdge edge, PlainTransport connection) {
        return Thread.ofVirtual().name("visitor-of-test").start(() -> {
            try {
                edge.serve(connection, _ -> NoRoute.UNKNOWN);
            } catch (IOException e) {
                // it left
            }
        });
    }

    /// One that fails where nothing should: it cannot be shut down.
    private static final class BrokenConnection extends PlainTransport {
        private final CountDownLatch shutdownTried = new CountDownLatch(1);

        BrokenConnection(SocketChannel socket) throws IOException {
            super(socket);
        }

        @Override
        public void shutdownInput() {
            shutdownTried.countDown();
            throw new UncheckedIOException(new IOException("shutdown failed"));
        }
    }
}
