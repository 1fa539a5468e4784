package tunnel.net;

import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/// A client's TLS to one server, for all its connections. Those after the first resume its session where they can (RFC 8446,
/// section 2.2): with new keys, but without certificate and signature, which is half of a handshake's time or less.
/// A ticket is good for one connection, and each connection brings a few. The JDK keeps no more than ten under one name and port
/// of a server; so that hundreds of connections dialled together find one each, they are kept on shelves: the JDK is told a port
/// of each shelf's own, of which nothing leaves the process. Thread-safe.
public final class TlsClient {
    private static final int SHELVES = 32;
    private static final int TICKETS_ON_A_SHELF = 10; // SSLSessionContextImpl.DEFAULT_MAX_QUEUE_SIZE
    /// A control channel and the data channels of a session at rest, which find the first one's tickets on one shelf.
    private static final int FIRST_CONNECTIONS = 5;
    private static final int PORTS = 0x10000;

    private final SSLContext context;
    private final AtomicInteger connections = new AtomicInteger();

    /// @param context with the client's trust; no other `TlsClient` has it
    public TlsClient(SSLContext context) {
        this.context = context;
        // The JDK notes each ticket a second time, by session; left alone it would keep 20,000 there, used or not.
        context.getClientSessionContext().setSessionCacheSize(SHELVES * TICKETS_ON_A_SHELF);
    }

    /// For one connection.
    SSLEngine engine(InetSocketAddress server) {
        int before = connections.getAndUpdate(count -> (count + 1) & Integer.MAX_VALUE);
        int shelf = before < FIRST_CONNECTIONS ? 0 : before % SHELVES;
        return context.createSSLEngine(server.getAddress().getHostAddress(), server.getPort() + shelf * PORTS);
    }
}
