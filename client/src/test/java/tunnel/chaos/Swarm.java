package tunnel.chaos;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// Many connections from several of this machine's addresses, so that bounds by address keep them apart from others.
final class Swarm implements AutoCloseable {
    private static final int ADDRESSES_BEGIN = 2; // 127.0.NETWORK.2

    private final List<Socket> all = new ArrayList<>();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicLong lastEnd = new AtomicLong(System.nanoTime());
    private final long began = System.nanoTime();
    private Duration connected = Duration.ZERO;

    /// Connects all at once.
    ///
    /// @param network the third number of their addresses, so that rows do not meet each other's bounds
    /// @param perAddress how many from each
    Swarm(int port, int count, int network, int perAddress) throws IOException {
        for (int i = 0; i < count; i++) {
            connect(port, network, perAddress, 0);
        }
        connected = age();
    }

    /// Of none yet.
    Swarm() {}

    /// Connects one more.
    ///
    /// @param receiveBuffer in bytes, 0 for the usual one
    void connect(int port, int network, int perAddress, int receiveBuffer) throws IOException {
        Socket socket = new Socket();
        if (receiveBuffer > 0) {
            socket.setReceiveBufferSize(receiveBuffer);
        }
        String from = "127.0." + network + "." + (ADDRESSES_BEGIN + all.size() / perAddress);
        socket.bind(new InetSocketAddress(InetAddress.ofLiteral(from), 0));
        socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), 10_000);
        all.add(socket);
        open.incrementAndGet();
    }

    /// How long it took until all were connected.
    Duration connected() {
        return connected;
    }

    /// Reads from each until it ends, so that {@link #open} is true.
    Swarm reading() {
        CountDownLatch started = new CountDownLatch(all.size());
        for (Socket socket : all) {
            Thread.ofVirtual().name("swarm").start(() -> {
                started.countDown();
                readToEnd(socket);
                lastEnd.set(System.nanoTime());
                open.decrementAndGet();
            });
        }
        try {
            started.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return this;
    }

    private static void readToEnd(Socket socket) {
        byte[] buffer = new byte[256];
        try {
            while (socket.getInputStream().read(buffer) >= 0) {
                // goes on
            }
        } catch (IOException e) {
            // reset
        }
    }

    /// Sends the same on each.
    void send(String text) {
        byte[] bytes = text.getBytes(ISO_8859_1);
        for (Socket socket : all) {
            try {
                socket.getOutputStream().write(bytes);
            } catch (IOException e) {
                // it has ended
            }
        }
    }

    /// Sends on one.
    void send(int number, String text) throws IOException {
        all.get(number).getOutputStream().write(text.getBytes(ISO_8859_1));
    }

    /// How many have not ended; after {@link #reading} only.
    int open() {
        return open.get();
    }

    /// When the last one ended, from the first connect on.
    Duration lastEnd() {
        return Duration.ofNanos(lastEnd.get() - began);
    }

    Duration age() {
        return Duration.ofNanos(System.nanoTime() - began);
    }

    @Override
    public void close() throws IOException {
        for (Socket socket : all) {
            socket.setSoLinger(true, 0); // all are gone at once, and nobody takes an end for half of one
            socket.close();
        }
    }
}
