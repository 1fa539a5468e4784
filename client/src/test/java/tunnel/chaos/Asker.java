package tunnel.chaos;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Locale;

/// A visitor's connection, on which an app's `ok PATH` is asked for.
final class Asker implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 20_000;

    private final Socket socket = new Socket();
    private final InputStream in;
    private final String host;

    /// @param host what to name as Host
    /// @param patience for each wait, in milliseconds
    Asker(String address, int port, String host, int patience) throws IOException {
        this.host = host;
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(patience);
            socket.connect(new InetSocketAddress(InetAddress.ofLiteral(address), port), patience);
            in = new BufferedInputStream(socket.getInputStream());
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    Asker(String address, int port, String host) throws IOException {
        this(address, port, host, PATIENCE_MILLIS);
    }

    Asker(int port, String host) throws IOException {
        this("127.0.0.1", port, host);
    }

    /// An answer's status and body.
    record Answer(int status, String body) {}

    /// Asks, and does not read.
    void send(String path) throws IOException {
        send(host, path);
    }

    private void send(String to, String path) throws IOException {
        socket.getOutputStream().write(("GET " + path + " HTTP/1.1\r\nHost: " + to + "\r\n\r\n").getBytes(ISO_8859_1));
    }

    /// Asks and reads the whole answer.
    Answer ask(String path) throws IOException {
        return askHost(host, path);
    }

    /// The same for another host.
    Answer askHost(String to, String path) throws IOException {
        send(to, path);
        String status = line();
        int length = 0;
        for (String line = line(); !line.isEmpty(); line = line()) {
            if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(line.substring(15).strip());
            }
        }
        byte[] body = in.readNBytes(length);
        if (body.length < length) {
            throw new IOException("the answer breaks off");
        }
        return new Answer(Integer.parseInt(status.split(" ", 3)[1]), new String(body, ISO_8859_1));
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new IOException("the connection ended");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    /// One answer on a connection of its own.
    static Answer once(int port, String host, String path) throws IOException {
        try (Asker asker = new Asker(port, host)) {
            return asker.ask(path);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
