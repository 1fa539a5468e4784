package tunnel.chaos;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import java.util.concurrent.atomic.AtomicInteger;

/// A web app on loopback that takes whatever is thrown at it, one write for each small answer. `/bytes/N` is so many bytes,
/// `/never` is not answered, after `/close` its connection ends, and anything else is `ok PATH`.
final class App implements AutoCloseable {
    private static final byte[] CHUNK = new byte[64 << 10];

    private final ServerSocket listener = new ServerSocket(0, 4096, InetAddress.ofLiteral("127.0.0.1"));
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final List<String> heads = Collections.synchronizedList(new ArrayList<>());
    private final boolean keepsHeads;
    private volatile long lastSent = System.nanoTime();
    private final AtomicInteger bulks = new AtomicInteger();
    private final AtomicInteger waiting = new AtomicInteger();

    App() throws IOException {
        this(false);
    }

    /// @param keepsHeads whether {@link #heads} has what comes
    App(boolean keepsHeads) throws IOException {
        this.keepsHeads = keepsHeads;
        Thread.ofVirtual().name("app").start(this::accept);
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                open.add(socket);
                Thread.ofVirtual().name("app-connection").start(() -> serve(socket));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            for (String head = head(in); !head.isEmpty(); head = head(in)) {
                if (keepsHeads) {
                    heads.add(head);
                }
                answer(head.split(" ", 3)[1], socket);
            }
        } catch (IOException e) {
            // the visitor has left
        } finally {
            open.remove(socket);
        }
    }

    /// Empty at the end.
    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.length() < 4 || head.indexOf("\r\n\r\n", head.length() - 4) < 0) {
            int next = in.read();
            if (next < 0) {
                return "";
            }
            head.append((char) next);
        }
        return head.toString();
    }

    private void answer(String path, Socket socket) throws IOException {
        if (path.startsWith("/bytes/")) {
            bulks.incrementAndGet();
            send(socket, Long.parseLong(path.substring(7)));
        } else if (path.startsWith("/never")) {
            waiting.incrementAndGet();
            try {
                var _ = socket.getInputStream().read();
            } finally {
                waiting.decrementAndGet();
            }
            socket.close();
        } else {
            byte[] body = ("ok " + path).getBytes(ISO_8859_1);
            String head = "HTTP/1.1 200 OK\r\nContent-Length: " + body.length + "\r\n\r\nok " + path;
            if (path.equals("/close")) {
                head = head.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
            }
            socket.getOutputStream().write(head.getBytes(ISO_8859_1));
            if (path.equals("/close")) {
                socket.close();
            }
        }
    }

    private void send(Socket socket, long count) throws IOException {
        socket.getOutputStream().write(("HTTP/1.1 200 OK\r\nContent-Length: " + count + "\r\n\r\n").getBytes(ISO_8859_1));
        for (long left = count; left > 0; left -= CHUNK.length) {
            socket.getOutputStream().write(CHUNK, 0, (int) Math.min(left, CHUNK.length));
            lastSent = System.nanoTime();
        }
    }

    int port() {
        return listener.getLocalPort();
    }

    /// The heads of all requests so far.
    List<String> heads() {
        synchronized (heads) {
            return List.copyOf(heads);
        }
    }

    /// Since when nobody has taken any of many bytes.
    Duration sinceLastSent() {
        return Duration.ofNanos(System.nanoTime() - lastSent);
    }

    /// How many have asked for so many bytes.
    int bulks() {
        return bulks.get();
    }

    /// How many requests wait for an answer that does not come.
    int waiting() {
        return waiting.get();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
