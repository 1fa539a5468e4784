package tunnel.local;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tunnel.net.PlainTransport;
import tunnel.net.Transport;

/// Serves a folder read-only, over the JDK's HTTP server on a loopback port. Other users of this machine can reach that port
/// too, so it answers only on connections that were dialled here, which it knows by their port.
final class FolderService implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(FolderService.class);
    private static final int ANY = 0;

    private final HttpServer server;
    private final ExecutorService threads;
    private final FolderAnswer answer;

    /// By the address at our end: a port alone may be somebody else's too, on another loopback address. One that is closed here lets nobody in, and is forgotten with the next dial.
    private final Map<SocketAddress, PlainTransport> dialled = new ConcurrentHashMap<>();

    private FolderService(Path folder) throws IOException {
        this.answer = new FolderAnswer(folder);
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), ANY), ANY);
        this.threads = Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("folder-", 0).factory());
        server.setExecutor(threads);
        server.createContext("/", this::handle);
    }

    /// Listens from now on.
    ///
    /// @param folder its real path
    static FolderService start(Path folder) throws IOException {
        FolderService service = new FolderService(folder);
        service.server.start();
        return service;
    }

    int port() {
        return server.getAddress().getPort();
    }

    /// A connection that is let in. The caller owns it.
    Transport dial(Duration most) throws IOException {
        SocketChannel socket = SocketChannel.open();
        try {
            socket.socket().connect(server.getAddress(), Math.toIntExact(most.toMillis()));
            PlainTransport connection = new PlainTransport(socket);
            dialled.values().removeIf(one -> !one.isOpen());
            dialled.put(socket.getLocalAddress(), connection); // before its first byte, so before it is looked for
            return connection;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /// Our ends of the connections that are answered at present.
    List<SocketAddress> letIn() {
        return dialled.entrySet().stream()
                .filter(one -> one.getValue().isOpen())
                .map(Map.Entry::getKey)
                .toList();
    }

    private boolean isOurs(InetSocketAddress remote) {
        PlainTransport connection = dialled.get(remote);
        return connection != null && connection.isOpen();
    }

    private void handle(HttpExchange exchange) {
        try (exchange) {
            if (isOurs(exchange.getRemoteAddress())) {
                answer.to(exchange);
            } else {
                answer.refuse(exchange);
            }
        } catch (IOException e) {
            log.debug("a request for a file was broken off: {}", e.getMessage());
        } catch (RuntimeException e) {
            log.error("answering a request for a file failed", e);
        }
    }

    /// Ends its threads. Closing again does nothing.
    @Override
    public void close() {
        server.stop(0);
        dialled.values().forEach(PlainTransport::close);
        threads.close();
    }
}
