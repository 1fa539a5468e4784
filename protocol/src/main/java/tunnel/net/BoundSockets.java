package tunnel.net;

import java.io.IOException;
import java.net.BindException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One port, bound on one or more addresses.
record BoundSockets(List<ServerSocketChannel> sockets, int port) implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(BoundSockets.class);
    private static final int BACKLOG = 4096; // bursts of visitors wait in the kernel; it caps this at net.core.somaxconn

    /// @param shared whether another process of this user may have the port too
    /// @throws BindException when it is taken or may not be used; nothing stays bound then
    static BoundSockets bind(List<InetAddress> addresses, int port, boolean shared) throws IOException {
        for (int attempt = 1; ; attempt++) {
            List<ServerSocketChannel> sockets = new ArrayList<>();
            int bound = port;
            try {
                for (InetAddress address : addresses) {
                    bound = shared ? bound : free(address, bound);
                    ServerSocketChannel socket = ServerSocketChannel.open();
                    sockets.add(socket);
                    if (socket.supportedOptions().contains(StandardSocketOptions.SO_REUSEPORT)) {
                        socket.setOption(StandardSocketOptions.SO_REUSEPORT, true);
                    }
                    socket.bind(new InetSocketAddress(address, bound), BACKLOG);
                    bound = ((InetSocketAddress) socket.getLocalAddress()).getPort();
                }
                return new BoundSockets(sockets, bound);
            } catch (IOException e) {
                for (ServerSocketChannel socket : sockets) {
                    socket.close();
                }
                // a port that the first address gave freely may be taken on the second one
                if (port != 0 || attempt == 20) {
                    throw e;
                }
            }
        }
    }

    /// The port, or for 0 any, if nobody else has it: one that may be shared later does not tell by itself.
    private static int free(InetAddress address, int port) throws IOException {
        try (ServerSocketChannel probe = ServerSocketChannel.open()) {
            probe.bind(new InetSocketAddress(address, port), 1);
            return ((InetSocketAddress) probe.getLocalAddress()).getPort();
        }
    }

    /// Where this machine itself can connect to it.
    static InetSocketAddress reachable(ServerSocketChannel socket) throws IOException {
        InetSocketAddress bound = (InetSocketAddress) socket.getLocalAddress();
        return bound.getAddress().isAnyLocalAddress()
                ? new InetSocketAddress(bound.getAddress() instanceof Inet6Address ? "::1" : "127.0.0.1", bound.getPort())
                : bound;
    }

    @Override
    public void close() {
        for (ServerSocketChannel socket : sockets) {
            try {
                socket.close();
            } catch (IOException e) {
                log.warn("port {}: closing the listener failed: {}", port, e.getMessage());
            }
        }
    }
}
