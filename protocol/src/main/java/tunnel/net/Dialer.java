package tunnel.net;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// Connects to a host, at whichever of its addresses answers first when tried in turn.
public final class Dialer {
    private Dialer() {}

    /// Connects within `most`, of which each address has an equal share of what is left. The caller owns the connection.
    ///
    /// @throws IOException whose message says what went wrong in a few words: `connection refused`
    public static PlainTransport connect(HostPort to, Duration most) throws IOException {
        IOException failure = null;
        InetAddress[] addresses = resolve(to.host());
        long end = System.nanoTime() + most.toNanos();
        for (int i = 0; i < addresses.length; i++) {
            long share = (end - System.nanoTime()) / (addresses.length - i);
            int millis = Math.max(1, Math.toIntExact(TimeUnit.NANOSECONDS.toMillis(share)));
            SocketChannel socket = SocketChannel.open();
            try {
                socket.socket().connect(new InetSocketAddress(addresses[i], to.port()), millis);
                return new PlainTransport(socket);
            } catch (IOException e) {
                socket.close();
                failure = e;
            }
        }
        throw failure == null ? new UnknownHostException("unknown host") : inWords(failure);
    }

    /// `localhost` is both loopback addresses, whatever the machine's hosts file says of it.
    private static InetAddress[] resolve(String host) throws UnknownHostException {
        if (host.equalsIgnoreCase("localhost")) {
            return new InetAddress[] {InetAddress.ofLiteral("127.0.0.1"), InetAddress.ofLiteral("::1")};
        }
        try {
            return InetAddress.getAllByName(host);
        } catch (UnknownHostException e) {
            throw new UnknownHostException("unknown host");
        }
    }

    private static IOException inWords(IOException e) {
        return switch (e) {
            case SocketTimeoutException _ -> new SocketTimeoutException("no answer");
            case ConnectException _ when String.valueOf(e.getMessage()).startsWith("Connection refused") ->
                new ConnectException("connection refused");
            default -> e;
        };
    }
}
