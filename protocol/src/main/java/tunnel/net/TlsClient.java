package tunnel.net;

import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/// A client's TLS to one server, for all its connections. Those after the first resume its session where they can (RFC 8446,
/// section 2.2): with new keys, but without certificate and signature, which is a quarter of a handshake's processor time.
///
/// A ticket is good for one connection, and each connection brings a few. Under one name and port of a server the JDK keeps ten,
/// and throws them away when a handshake is a full one. So that hundreds of connections dialled together find tickets, they are
/// kept on shelves: the JDK is told a made-up port for each, which goes nowhere but into its debug output and JFR. A shelf is
/// given up for a new one after a while, because in the JDK a session holds all that descend from it, as long as its connection
/// lives. Tickets are softly referenced, so a process that is idle for long may have none left. Thread-safe.
public final class TlsClient {
    private static final int SHELVES = 32;
    private static final int TICKETS_ON_A_SHELF = 10; // SSLSessionContextImpl.DEFAULT_MAX_QUEUE_SIZE
    /// A control channel, the data channels of a session at rest, which find its tickets, and those that find theirs.
    private static final int FIRST_CONNECTIONS = 5 + TICKETS_ON_A_SHELF;
    /// Connections that a shelf serves: some 2 KiB each may be held by the first of them. One in so many is a full handshake.
    private static final int SERVES = 16;
    private static final int GENERATIONS = 512; // the last port is below 2^30, and none is used again while a ticket is left
    private static final int PORTS = 0x10000;

    private final SSLContext context;
    private final AtomicInteger connections = new AtomicInteger();

    /// Handshakes of the whole process have the arithmetic of {@link Curve25519} from now on.
    ///
    /// @param context with the client's trust; no other `TlsClient` has it
    public TlsClient(SSLContext context) {
        Curve25519.install();
        this.context = context;
        // Of shelves that is all, and some that were given up; of sessions by id, for which nobody asks, the JDK would keep 20,480.
        context.getClientSessionContext().setSessionCacheSize(2 * SHELVES);
    }

    /// To call before a control channel is dialled: its data channels resume its session, whatever server it is that answers.
    public void beginAgain() {
        connections.set(0);
    }

    /// For one connection.
    SSLEngine engine(InetSocketAddress server) {
        int before = connections.getAndIncrement() & Integer.MAX_VALUE;
        return context.createSSLEngine(server.getAddress().getHostAddress(), server.getPort() + shelf(before) * PORTS);
    }

    /// One shelf after another; each is given up at another time, so that few tickets are lost at once.
    private static int shelf(int before) {
        if (before < FIRST_CONNECTIONS) {
            return 0;
        }
        int shelf = before % SHELVES;
        int served = before / SHELVES + shelf % SERVES;
        return shelf + SHELVES * (served / SERVES % GENERATIONS);
    }
}
