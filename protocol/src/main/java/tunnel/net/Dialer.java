package tunnel.net;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Connects to a host, at whichever of its addresses answers first when tried in turn.
public final class Dialer {
    private Dialer() {}

    /// Connects within `most`, of which each address has an equal share of what is left. The caller owns the connection.
    ///
    /// @throws IOException whose message says what went wrong in a few words: `connection refused`
    public static PlainTransport connect(HostPort to, Duration most) throws IOException {
        return connect(to, most, () -> {});
    }

    /// The same, and where the other end does not answer in the same moment `beforeWaiting` is run, once. An app on this
    /// machine does.
    public static PlainTransport connect(HostPort to, Duration most, Runnable beforeWaiting) throws IOException {
        long end = System.nanoTime() + most.toNanos();
        IOException failure = null;
        boolean told = false;
        InetAddress[] addresses = resolve(to.host(), most);
        for (int i = 0; i < addresses.length; i++) {
            long share = (end - System.nanoTime()) / (addresses.length - i);
            long deadline = System.nanoTime() + share;
            SocketChannel socket = SocketChannel.open();
            try {
                Readiness readiness = Loop.current().register(socket);
                if (!isConnected(socket, new InetSocketAddress(addresses[i], to.port()))) {
                    if (!told) {
                        told = true;
                        beforeWaiting.run();
                    }
                    awaitConnected(socket, readiness, deadline);
                }
                return new PlainTransport(socket, readiness);
            } catch (IOException e) {
                socket.close();
                failure = e;
            }
        }
        throw failure == null ? new UnknownHostException("unknown host") : inWords(failure);
    }

    /// Over loopback a connection is there before the call returns that begins it, though the kernel does not say so then.
    private static boolean isConnected(SocketChannel socket, InetSocketAddress address) throws IOException {
        return socket.connect(address) || socket.finishConnect();
    }

    private static void awaitConnected(SocketChannel socket, Readiness readiness, long deadline) throws IOException {
        readiness.awaitConnected(deadline);
        if (!socket.finishConnect()) {
            throw new SocketTimeoutException();
        }
    }

    /// `localhost` is both loopback addresses, whatever the machine's hosts file says of it.
    private static InetAddress[] resolve(String host, Duration most) throws IOException {
        if (host.equalsIgnoreCase("localhost")) {
            return new InetAddress[] {InetAddress.ofLiteral("127.0.0.1"), InetAddress.ofLiteral("::1")};
        }
        try {
            return new InetAddress[] {InetAddress.ofLiteral(host)};
        } catch (IllegalArgumentException e) {
            return askFor(host, most);
        }
    }

    /// On a thread of its own: the system's resolver can take seconds, and would stop a {@link Loop} for so long.
    private static InetAddress[] askFor(String host, Duration most) throws IOException {
        FutureTask<InetAddress[]> answer = new FutureTask<>(() -> InetAddress.getAllByName(host));
        Thread.ofPlatform().daemon().name("resolve-" + host).start(answer);
        try {
            return answer.get(most.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw new UnknownHostException("unknown host");
        } catch (TimeoutException e) {
            throw new SocketTimeoutException("its name could not be resolved in time");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClosedByInterruptException();
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
