package tunnel.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import tunnel.net.HostPort;
import tunnel.protocol.JoinString;
import tunnel.server.TunnelServer;

/// Stands between a client and the control port, passes bytes on and counts the connections: a session's control channel
/// and its data channels, each with its handshake.
final class CountingLink implements AutoCloseable {
    private final ServerSocket socket = new ServerSocket(0, 1000, InetAddress.getLoopbackAddress());
    private final TunnelServer server;
    private final int most;
    private final AtomicInteger count = new AtomicInteger();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    CountingLink(TunnelServer server) throws IOException {
        this(server, Integer.MAX_VALUE);
    }

    /// Connections beyond the first `most` are taken, and nothing is passed on for them.
    CountingLink(TunnelServer server, int most) throws IOException {
        this.server = server;
        this.most = most;
        Thread.ofVirtual().name("link-accepts").start(this::accept);
    }

    /// By way of the link.
    JoinString joinString() {
        return server.joinString().at(new HostPort("localhost", socket.getLocalPort()));
    }

    /// Data channels that were opened so far, of one client that was never lost.
    int dataChannels() {
        return count.get() - 1;
    }

    private void accept() {
        try {
            while (true) {
                Socket client = socket.accept();
                keep(client);
                if (count.incrementAndGet() > most) {
                    continue;
                }
                Socket there = new Socket(InetAddress.getLoopbackAddress(), server.controlPort());
                keep(there);
                Thread.ofVirtual().name("link-up").start(() -> copy(client, there));
                Thread.ofVirtual().name("link-down").start(() -> copy(there, client));
            }
        } catch (IOException closed) {
            // the end
        }
    }

    private void keep(Socket one) throws IOException {
        open.add(one);
        if (socket.isClosed()) {
            one.close();
        }
    }

    private void copy(Socket from, Socket to) {
        try (from;
                to) {
            from.setTcpNoDelay(true);
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[32 << 10];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                out.write(buffer, 0, read);
            }
        } catch (IOException e) {
            // one end is gone, so the other one goes too
        } finally {
            open.remove(from);
            open.remove(to);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
        for (Socket one : open) {
            one.close();
        }
    }
}
