package tunnel.net;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnsupportedAddressTypeException;
import java.time.Duration;

/// Connects to a host, at whichever of its addresses answers first when tried in turn.
public final class Dialer {
    private Dialer() {}

    /// Connects within `most`, of which each address has an equal share of what is left. The caller owns the connection.
    ///
    /// @throws IOException whose message says what went wrong in a few words: `connection refused`
    public static PlainTransport connect(HostPort to, Duration most) throws IOException {
        return connect(to, most, () -> {});
    }

    /// The same, and before each wait `beforeWaiting` is run. An app on this machine needs none.
    public static PlainTransport connect(HostPort to, Duration most, Runnable beforeWaiting) throws IOException {
        long end = System.nanoTime() + most.toNanos();
        IOException failure = null;
        InetAddress[] addresses = resolve(to.host(), most, beforeWaiting);
        for (int i = 0; i < addresses.length; i++) {
            long now = System.nanoTime();
            long deadline = now + (end - now) / (addresses.length - i);
            try {
                return connect(new InetSocketAddress(addresses[i], to.port()), deadline, beforeWaiting);
            } catch (IOException e) {
                failure = e;
            }
        }
        throw failure == null ? new UnknownHostException("unknown host") : inWords(failure);
    }

    private static PlainTransport connect(InetSocketAddress address, long deadline, Runnable beforeWaiting)
            throws IOException {
        SocketChannel socket = SocketChannel.open();
        boolean connected = begin(socket, address); // which closes it where it fails, so no loop knows of it yet
        Readiness readiness = Loop.current().register(socket);
        try {
            if (!connected) {
                beforeWaiting.run();
                readiness.awaitConnected(deadline);
                if (!readiness.finishConnect()) {
                    throw new SocketTimeoutException();
                }
            }
            return new PlainTransport(socket, readiness);
        } catch (IOException | RuntimeException e) {
            readiness.close();
            throw e;
        }
    }

    /// Over loopback a connection is there before the call returns that begins it, though the kernel does not say so then.
    private static boolean begin(SocketChannel socket, InetSocketAddress address) throws IOException {
        try {
            socket.configureBlocking(false);
            return socket.connect(address) || socket.finishConnect();
        } catch (UnsupportedAddressTypeException e) { // ::1 where there is no IPv6
            socket.close();
            throw new ConnectException("this machine has no such kind of address");
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /// `localhost` is both loopback addresses, whatever the machine's hosts file says of it.
    private static InetAddress[] resolve(String host, Duration most, Runnable beforeWaiting) throws IOException {
        if (host.equalsIgnoreCase("localhost")) {
            return new InetAddress[] {InetAddress.ofLiteral("127.0.0.1"), InetAddress.ofLiteral("::1")};
        }
        try {
            return new InetAddress[] {InetAddress.ofLiteral(host)};
        } catch (IllegalArgumentException e) {
            beforeWaiting.run();
            return askFor(host, most);
        }
    }

    /// The system's resolver can take seconds, and would stop a {@link Loop} for so long.
    private static InetAddress[] askFor(String host, Duration most) throws IOException {
        try {
            return Elsewhere.call("resolving " + host, most, () -> InetAddress.getAllByName(host));
        } catch (UnknownHostException e) {
            throw new UnknownHostException("unknown host");
        }
    }

    private static IOException inWords(IOException e) {
        return switch (e) {
            case SocketTimeoutException _ when e.getMessage() == null -> new SocketTimeoutException("no answer");
            case ConnectException _ when String.valueOf(e.getMessage()).startsWith("Connection refused") ->
                new ConnectException("connection refused");
            default -> e;
        };
    }
}
