package tunnel.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.concurrent.CompletableFuture;

/// One end of a plain TCP connection, as a visitor or a local service holds it. No read waits longer than
/// {@link World#PATIENCE}.
public final class Peer implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    Peer(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(Math.toIntExact(World.PATIENCE.toMillis()));
        socket.setTcpNoDelay(true);
        this.in = new BufferedInputStream(socket.getInputStream(), 64 << 10);
        this.out = socket.getOutputStream();
    }

    /// A visitor of the port.
    public static Peer visiting(int port) throws IOException {
        return new Peer(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    /// A visitor from another of this machine's addresses, with a small receive buffer.
    static Peer visiting(int port, String from) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4 << 10);
        socket.bind(new InetSocketAddress(InetAddress.ofLiteral(from), 0));
        socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
        return new Peer(socket);
    }

    /// `address:port` of this end.
    String address() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    public Peer send(byte[] bytes) throws IOException {
        out.write(bytes);
        return this;
    }

    Peer send(byte[] bytes, int from, int length) throws IOException {
        out.write(bytes, from, length);
        return this;
    }

    public Peer send(String text) throws IOException {
        return send(text.getBytes(ISO_8859_1));
    }

    /// Sends on a thread of its own, so that the caller can read meanwhile.
    ///
    /// @return completes when all is sent, exceptionally when the connection broke before
    CompletableFuture<Void> sending(byte[] bytes) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread.ofVirtual().name("peer-sends").start(() -> {
            try {
                send(bytes);
                done.complete(null);
            } catch (IOException e) {
                done.completeExceptionally(e);
            }
        });
        return done;
    }

    /// Ends this side's half.
    Peer end() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    /// Closes the connection before the test is over: the other end sees its end, and a reset if it goes on sending.
    public void leave() throws IOException {
        socket.close();
    }

    /// Breaks the connection: the other end sees a reset.
    void reset() throws IOException {
        try {
            socket.setSoLinger(true, 0);
        } catch (SocketException alreadyClosed) {
            return;
        }
        socket.close();
    }

    /// The next byte, or -1 at the end.
    int read() throws IOException {
        return in.read();
    }

    /// What is there, as far as it fits; -1 at the end.
    int read(byte[] into) throws IOException {
        return in.read(into);
    }

    /// Exactly so many bytes.
    public byte[] read(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("ended after " + bytes.length + " of " + length + " bytes");
        }
        return bytes;
    }

    /// Everything to the end.
    byte[] readAll() throws IOException {
        return in.readAllBytes();
    }

    /// A line without its CR LF.
    String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("ended inside a line: " + line.toString(ISO_8859_1));
            }
            line.write(b);
        }
        return line.toString(ISO_8859_1).stripTrailing();
    }

    /// A head of HTTP, to its empty line.
    String head() throws IOException {
        StringBuilder head = new StringBuilder();
        for (String line = line(); !line.isEmpty(); line = line()) {
            head.append(line).append("\r\n");
        }
        return head.toString();
    }

    /// Reads to the end, and says whether it was a reset.
    boolean seesReset() throws IOException {
        byte[] scratch = new byte[64 << 10];
        try {
            while (in.read(scratch) >= 0) {
                // what was under way
            }
            return false;
        } catch (SocketException e) {
            assertThat(e).hasMessageContaining("reset");
            return true;
        }
    }

    /// Reads to the end, which may be a reset.
    boolean seesEnd() throws IOException {
        try {
            readAll();
            return true;
        } catch (SocketException reset) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
