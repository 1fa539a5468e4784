package tunnel.browser;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;

/// A visitor who asks again and again on one connection, at little cost.
final class Visitor implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;

    Visitor(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(20_000);
        in = new BufferedInputStream(socket.getInputStream());
    }

    void get(String path) throws IOException {
        socket.getOutputStream().write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(ISO_8859_1));
        String head = RawApp.head(in);
        if (!head.startsWith("HTTP/1.1 200")) {
            throw new EOFException(head);
        }
        in.skipNBytes(Integer.parseInt(RawApp.field(head, "Content-Length")));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
