package tunnel.browser;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A local service on raw sockets: one request after another on each connection, answered byte for byte as a test wants.
final class RawApp implements AutoCloseable {
    /// Answers a request.
    @FunctionalInterface
    interface Answering {
        /// Whether the connection carries another request.
        ///
        /// @param in what follows the request
        boolean answer(Request request, InputStream in, OutputStream out) throws IOException, InterruptedException;
    }

    /// A request with its body, each byte as a character.
    record Request(String head, String body) {
        String target() {
            return head.split(" ", 3)[1];
        }

        /// The first field of the name, or empty.
        String field(String name) {
            return RawApp.field(head, name);
        }
    }

    private final ServerSocket socket = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final Answering answering;
    private final Thread acceptor;

    RawApp(Answering answering) throws IOException {
        this.answering = answering;
        this.acceptor = Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return socket.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket connection = socket.accept();
                connections.add(connection);
                Thread.ofVirtual().start(() -> serve(connection));
            }
        } catch (IOException closed) {
            // the end
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            InputStream in = new BufferedInputStream(connection.getInputStream());
            boolean more = true;
            for (String head = head(in); more && !head.isEmpty(); head = more ? head(in) : "") {
                String body = new String(in.readNBytes(Integer.parseInt("0" + field(head, "Content-Length"))), ISO_8859_1);
                more = answering.answer(new Request(head, body), in, connection.getOutputStream());
            }
        } catch (IOException e) {
            // the visitor has left
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            connections.remove(connection);
        }
    }

    /// Empty at the end of the connection.
    static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        for (int b = in.read(); b >= 0; b = in.read()) {
            head.append((char) b);
            if (b == '\n' && head.indexOf("\r\n\r\n", Math.max(0, head.length() - 4)) >= 0) {
                return head.toString();
            }
        }
        return "";
    }

    static String field(String head, String name) {
        return head.lines()
                .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElse("");
    }

    static void send(OutputStream out, String type, String body) throws IOException {
        text(out, "HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
    }

    static void text(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(ISO_8859_1));
    }

    @Override
    public void close() throws IOException {
        socket.close();
        for (Socket connection : connections) {
            connection.close();
        }
        try {
            acceptor.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
