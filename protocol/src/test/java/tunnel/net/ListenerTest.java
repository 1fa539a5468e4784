package tunnel.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import tunnel.fixture.LeakCheck;
import tunnel.fixture.LogLines;
import tunnel.fixture.OwnPorts;

@ExtendWith(LeakCheck.class)
@Timeout(30)
class ListenerTest {
    private Listener listener;
    private List<InetAddress> addresses;
    private final List<String> ended = new CopyOnWriteArrayList<>();

    @BeforeEach
    void bind() throws IOException {
        addresses = Addresses.loopback();
        listener = Listener.bind(addresses, 0);
    }

    @AfterEach
    void close() {
        listener.close();
    }

    /// Lets so many in at once.
    private Gate<Gate.Pass> places(int most) {
        Semaphore permits = new Semaphore(most);
        return (connection, _) -> {
            if (permits.tryAcquire()) {
                return permits::release;
            }
            LastWords.close(connection);
            return null;
        };
    }

    private SocketChannel dial(InetAddress address) throws IOException {
        return SocketChannel.open(new InetSocketAddress(address, listener.port()));
    }

    /// Sends a byte back for each that comes, to the end of input.
    private void echo(PlainTransport connection, Gate.Pass pass) throws IOException {
        ByteBuffer one = ByteBuffer.allocate(1);
        try {
            while (connection.read(one.clear()) >= 0) {
                connection.write(one.flip());
            }
        } finally {
            ended.add(Thread.currentThread().getName());
        }
    }

    private static int exchange(SocketChannel socket) throws IOException {
        socket.write(ByteBuffer.wrap(new byte[] {42}));
        return socket.read(ByteBuffer.allocate(1));
    }

    @Test
    void acceptsOnAllItsAddressesAtOnePort() throws IOException {
        listener.start("visitor", places(10), this::echo);
        for (InetAddress address : addresses) {
            try (SocketChannel socket = dial(address)) {
                assertThat(exchange(socket)).isEqualTo(1);
            }
        }
        await().until(() -> ended.size() == addresses.size());
        assertThat(ended).allMatch(name -> name.matches("visitor-[0-9]+")).doesNotHaveDuplicates();
    }

    @Test
    void aPortThatIsTakenIsRefusedAndNothingStaysBound() throws IOException {
        long before = LeakCheck.sockets();
        assertThatThrownBy(() -> Listener.bind(addresses, listener.port())).isInstanceOf(BindException.class);

        assertThat(LeakCheck.sockets()).isEqualTo(before);
    }

    @Test
    void whomTheGateDoesNotLetInIsGone() throws IOException {
        listener.start("visitor", places(1), this::echo);
        try (SocketChannel first = dial(addresses.getFirst())) {
            assertThat(exchange(first)).isEqualTo(1);
            try (SocketChannel second = dial(addresses.getFirst())) {
                assertThat(second.read(ByteBuffer.allocate(1))).isEqualTo(-1);
            }
        }
        await().until(() -> ended.size() == 1);
        await().until(() -> {
            try (SocketChannel third = dial(addresses.getFirst())) {
                return exchange(third) == 1;
            } catch (IOException permitNotBackYet) {
                return false;
            }
        });
    }

    @Test
    void goesOnAcceptingAfterAHandlerFailedAndLogsByTheFault() throws IOException {
        try (LogLines log = new LogLines(Level.DEBUG)) {
            listener.start("visitor", places(1), (connection, _) -> {
                ByteBuffer what = ByteBuffer.allocate(1);
                var _ = connection.read(what);
                switch (what.get(0)) {
                    case 1 -> throw new IllegalStateException("ours");
                    case 2 -> throw new PeerFault("theirs\n");
                    case 3 -> throw new IOException("gone");
                    default -> throw new AssertionError("an error");
                }
            });
            for (byte what = 1; what <= 4; what++) {
                int so = what;
                await().until(() -> { // the permit comes back a moment after the connection has ended
                    try (SocketChannel socket = dial(addresses.getFirst())) {
                        socket.write(ByteBuffer.wrap(new byte[] {(byte) so}));
                        return socket.read(ByteBuffer.allocate(1)) < 0
                                && log.all().stream().filter(line -> line.contains(" visitor-")).count() >= so;
                    } catch (IOException reset) {
                        return false;
                    }
                });
            }
            List<String> lines = log.all().stream().filter(line -> line.contains(" visitor-")).toList();
            assertThat(lines).anySatisfy(line -> assertThat(line).matches("ERROR visitor-[0-9]+ 127.0.0.1:[0-9]+: failed"));
            assertThat(lines).anySatisfy(line -> assertThat(line).startsWith("WARN ").endsWith(": theirs\\x0a"));
            assertThat(lines).anySatisfy(line -> assertThat(line).startsWith("DEBUG ").endsWith(": ended: gone"));
        }
    }

    @Test
    void closeEndsConnectionsAndTheirThreads() throws IOException {
        listener.start("visitor", places(10), this::echo);
        try (SocketChannel socket = dial(addresses.getFirst())) {
            assertThat(exchange(socket)).isEqualTo(1);
            listener.close();

            assertThat(ended).hasSize(1);
            await().until(() -> LeakCheck.threads().isEmpty()); // one that had nothing left to do may be at its last step
            listener.close();
        }
        assertThatThrownBy(() -> dial(addresses.getFirst())).isInstanceOf(IOException.class);
    }

    @Test
    void aHandlerMayCloseItsOwnListener() throws IOException {
        listener.start("visitor", places(10), (_, _) -> {
            listener.close();
            ended.add("closed");
        });
        try (SocketChannel socket = dial(addresses.getFirst())) {
            await().until(() -> ended.size() == 1);
            assertThat(socket.isOpen()).isTrue();
        }
    }

    @Test
    void drainServesAllWhoWaitInTheQueueAndThenFreesThePort() throws IOException {
        List<SocketChannel> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < 200; i++) {
                sockets.add(dial(addresses.get(i % addresses.size())));
            }
            listener.start("visitor", places(1000), this::echo);
            listener.drain();

            assertThatThrownBy(() -> dial(addresses.getFirst())).isInstanceOf(IOException.class);
            for (SocketChannel socket : sockets) {
                assertThat(exchange(socket)).isEqualTo(1);
            }
            assertThat(listener.awaitQuiet(Duration.ofMillis(1))).isEqualTo(200);
        } finally {
            for (SocketChannel socket : sockets) {
                socket.close();
            }
        }
        assertThat(listener.awaitQuiet(Duration.ofSeconds(20))).isZero();
    }

    @Test
    void drainEndsAcceptingWhereNobodyComes() throws IOException {
        listener.start("visitor", places(10), this::echo);
        listener.drain();
        assertThatThrownBy(() -> dial(addresses.getFirst())).isInstanceOf(IOException.class);
        assertThat(listener.awaitQuiet(Duration.ofSeconds(20))).isZero();
    }

    @Test
    void aPortIsSharedByWhoAsksForThatAndByNobodyElse() throws IOException {
        listener.start("visitor", places(1000), this::echo);
        assertThatThrownBy(() -> Listener.bind(addresses, listener.port())).isInstanceOf(BindException.class);
        try (Listener second = Listener.bindShared(addresses, listener.port())) {
            second.start("visitor", places(1000), this::echo);
            listener.drain();

            for (int i = 0; i < 100; i++) {
                try (SocketChannel socket = dial(addresses.get(i % addresses.size()))) {
                    assertThat(exchange(socket)).isEqualTo(1);
                }
            }
        }
        assertThatThrownBy(() -> dial(addresses.getFirst())).isInstanceOf(IOException.class);
    }

    @Test
    void aListenerThatNeverStartedFreesItsPort() throws IOException {
        int port = OwnPorts.take();
        Listener.bind(addresses, port).close();
        try (Listener again = Listener.bind(addresses, port)) {
            assertThat(again.port()).isEqualTo(port);
        }
    }
}
