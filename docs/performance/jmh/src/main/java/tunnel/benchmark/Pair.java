package tunnel.benchmark;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import tunnel.net.PlainTransport;

/// The two ends of one connection over loopback.
record Pair(PlainTransport near, PlainTransport far) implements AutoCloseable {
    static Pair open() throws IOException {
        try (ServerSocketChannel listener = ServerSocketChannel.open()) {
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            SocketChannel near = SocketChannel.open(listener.getLocalAddress());
            return new Pair(new PlainTransport(near), new PlainTransport(listener.accept()));
        }
    }

    @Override
    public void close() {
        near.close();
        far.close();
    }
}
