package tunnel.e2e;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.security.GeneralSecurityException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tunnel.fixture.AnyServer;
import tunnel.net.PlainTransport;
import tunnel.net.Resources;
import tunnel.net.TlsClient;
import tunnel.net.TlsTransport;
import tunnel.net.Transport;
import tunnel.protocol.Bytes;
import tunnel.protocol.Frame;
import tunnel.protocol.FrameChannel;
import tunnel.protocol.Options;
import tunnel.protocol.Proofs;
import tunnel.protocol.Token;
import tunnel.protocol.TunnelProtocol;

/// One connection to the control port, by hand. It answers nothing by itself. Whatever it waits for has to come within 10 s.
public final class RawClient implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final TlsClient TRUSTING = trusting(); // one, so that many connections cost few full handshakes

    /// What a login was answered with.
    public record Stay(Bytes session, Bytes secret) {}

    private final Resources resources;
    private final FrameChannel frames;
    private final Bytes binding;

    private RawClient(SocketChannel socket, boolean plain, Resources resources) throws IOException {
        this.resources = resources;
        PlainTransport raw = new PlainTransport(socket);
        Transport transport = plain ? raw : TlsTransport.client(raw, TRUSTING, resources.buffers());
        frames = new FrameChannel(transport, resources.buffers());
        try (var _ = resources.deadlines().after(PATIENCE, frames::abort)) {
            transport.handshake();
            byte[] exporter = transport.channelBinding();
            binding = exporter != null ? Bytes.of(exporter) : ((Frame.Challenge) read()).nonce();
        }
    }

    /// Connects to a control port, handshake and `Challenge` included.
    public static RawClient connect(int port, boolean plain) throws IOException {
        return connect(port, plain, "127.0.0.1");
    }

    /// The same from another of this machine's addresses.
    public static RawClient connect(int port, boolean plain, String from) throws IOException {
        SocketChannel socket = SocketChannel.open();
        Resources resources = new Resources();
        try {
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral(from), 0));
            socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
            return new RawClient(socket, plain, resources);
        } catch (IOException | RuntimeException e) {
            socket.close();
            resources.close();
            throw e;
        }
    }

    /// Connects and says nothing, not even in TLS. The caller closes it.
    public static Socket silent(int port) throws IOException {
        return silent(port, "127.0.0.1");
    }

    /// The same from another of this machine's addresses.
    public static Socket silent(int port, String from) throws IOException {
        return new Socket(InetAddress.ofLiteral("127.0.0.1"), port, InetAddress.ofLiteral(from), 0);
    }

    public Bytes binding() {
        return binding;
    }

    /// Logs in.
    public Stay login(Token token) throws IOException {
        return login(token, Options.NONE);
    }

    public Stay login(Token token, Options options) throws IOException {
        Bytes nonce = Bytes.random(32);
        send(Proofs.init(token, binding, nonce, options));
        Frame answer = read();
        if (!(answer instanceof Frame.Welcome welcome)) {
            throw new IOException("not welcome: " + answer);
        }
        frames.authenticated(false);
        boolean plain = welcome.secret().length() == 0;
        return new Stay(
                welcome.session(),
                plain ? Proofs.plainSecret(token.storedKey(), binding, nonce) : welcome.secret());
    }

    /// Logs in as who had `last` before.
    public Stay loginAgain(Token token, Stay last) throws IOException {
        return login(
                token,
                Options.NONE.with(
                        Options.PREVIOUS_SESSION, Proofs.previousSession(last.session(), last.secret(), binding)));
    }

    /// Makes this connection a data channel of a session.
    public void attach(Stay stay) throws IOException {
        send(Proofs.dataInit(stay.session(), stay.secret(), binding));
        frames.authenticated(true);
    }

    /// Asks for a tunnel, and does not wait for the answer.
    public void askFor(int tunnel, String name) throws IOException {
        send(new Frame.Bind(tunnel, TunnelProtocol.HTTP, name, 0, Options.NONE));
    }

    /// The answer to {@link #askFor}.
    public Frame tunnelAnswer() throws IOException {
        Frame frame = read();
        while (!(frame instanceof Frame.Assigned || frame instanceof Frame.Reject)) {
            frame = read();
        }
        return frame;
    }

    public void send(Frame frame) throws IOException {
        frames.write(frame);
    }

    public void send(byte... bytes) throws IOException {
        frames.transport().write(ByteBuffer.wrap(bytes));
    }

    /// Ends this side's half.
    public void endOutput() throws IOException {
        frames.transport().shutdownOutput();
    }

    /// The next frame.
    public Frame read() throws IOException {
        Frame frame = readOrEnd();
        if (frame == null) {
            throw new EOFException("the server closed the connection");
        }
        return frame;
    }

    /// The next frame of a kind; others are passed over.
    public <F extends Frame> F read(Class<F> kind) throws IOException {
        Frame frame = read();
        while (!kind.isInstance(frame)) {
            frame = read();
        }
        return kind.cast(frame);
    }

    private @Nullable Frame readOrEnd() throws IOException {
        try (var deadline = resources.deadlines().after(PATIENCE, frames::abort)) {
            try {
                return frames.read();
            } catch (IOException e) {
                if (deadline.expired()) {
                    throw new IllegalStateException("nothing came within " + PATIENCE, e);
                }
                throw e;
            }
        }
    }

    /// Reads to the end of the connection. The last frame of a kind that tells why it ended, or null.
    @Nullable Frame lastWord() {
        Frame last = null;
        try {
            for (Frame frame = readOrEnd(); frame != null; frame = readOrEnd()) {
                last = frame instanceof Frame.Reject || frame instanceof Frame.Close ? frame : last;
            }
        } catch (IOException e) {
            // reset: that is an end too
        }
        return last;
    }

    @Override
    public void close() {
        frames.close();
        resources.close();
    }

    private static TlsClient trusting() {
        try {
            return new TlsClient(new AnyServer().tls());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
