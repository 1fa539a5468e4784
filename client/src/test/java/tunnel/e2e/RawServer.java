package tunnel.e2e;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tunnel.net.HostPort;
import tunnel.net.PlainTransport;
import tunnel.net.Resources;
import tunnel.protocol.Bytes;
import tunnel.protocol.CloseCode;
import tunnel.protocol.Frame;
import tunnel.protocol.FrameChannel;
import tunnel.protocol.JoinString;
import tunnel.protocol.Options;
import tunnel.protocol.Pin;
import tunnel.protocol.Proofs;
import tunnel.protocol.Token;
import tunnel.protocol.VersionRange;

/// A server without TLS, by hand. Whatever it waits for has to come within 10 s.
final class RawServer implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /// So long that what comes within a few seconds is no heartbeat.
    static final int HEARTBEAT_MILLIS = 20_000;

    private final Resources resources = new Resources();
    private final ServerSocketChannel listener = ServerSocketChannel.open();
    private final Token token;
    private final List<Connection> connections = new ArrayList<>();

    RawServer() throws IOException {
        this(Token.random());
    }

    /// One that knows a token.
    RawServer(Token token) throws IOException {
        this(token, 50);
    }

    /// @param backlog how many connections may wait to be accepted, and one more; others are not answered
    RawServer(Token token, int backlog) throws IOException {
        this.token = token;
        listener.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), backlog);
    }

    int port() throws IOException {
        return ((InetSocketAddress) listener.getLocalAddress()).getPort();
    }

    /// What a client needs to come here.
    JoinString join() throws IOException {
        return new JoinString(token, new HostPort("127.0.0.1", port()), new Pin(Bytes.random(32)));
    }

    Token token() {
        return token;
    }

    /// The next connection, greeted.
    Connection accept() throws IOException {
        Connection connection = new Connection(new PlainTransport(listener.accept()));
        connections.add(connection);
        connection.send(new Frame.Challenge(connection.nonce));
        return connection;
    }

    @Override
    public void close() throws IOException {
        listener.close();
        connections.forEach(connection -> connection.frames.close());
        resources.close();
    }

    /// One connection of a client.
    final class Connection {
        private final Bytes nonce = Bytes.random(32);
        private final FrameChannel frames;

        private Connection(PlainTransport transport) {
            frames = new FrameChannel(transport, resources.buffers());
        }

        void send(Frame frame) throws IOException {
            frames.write(frame);
        }

        /// Welcomes a client that has sent `Init`, with the proof that a server has who knows `key`.
        Frame.Init welcome(Token key) throws IOException {
            Frame.Init init = read(Frame.Init.class);
            Bytes session = Bytes.random(16);
            Bytes proof = Proofs.server(key.storedKey(), nonce, init.nonce(), session);
            send(new Frame.Welcome(
                    VersionRange.OURS.highest(), session, Bytes.NONE, proof, HEARTBEAT_MILLIS, Options.NONE));
            frames.authenticated(false);
            return init;
        }

        /// Welcomes a client and gives it what it asks for, a tunnel and one idle data channel.
        ///
        /// @return the data channel
        Connection serve() throws IOException {
            welcome(token);
            return give(read(Frame.Bind.class));
        }

        /// Gives a client what it asks for, and takes its first data channel, which it returns.
        Connection give(Frame.Bind bind) throws IOException {
            String name = bind.name().isEmpty() ? "any-name" : bind.name();
            send(new Frame.Assigned(bind.tunnel(), name, List.of("http://" + name + ".localhost:1"), 1, Options.NONE));
            read(Frame.Ack.class);
            send(new Frame.Ready(bind.tunnel()));
            send(new Frame.OpenData(1));
            Connection data = accept();
            data.isData();
            return data;
        }

        /// Says that it stops, and ends the connection as the client's next read sees.
        void stop() throws IOException {
            send(new Frame.Close(CloseCode.SHUTDOWN, "the server stops"));
            frames.abort();
        }

        /// Reads until the client has ended the connection.
        void awaitLeft() {
            try (var _ = resources.deadlines().after(PATIENCE, frames::abort)) {
                while (frames.read() != null) {
                    // its last words
                }
            } catch (IOException e) {
                // it ended it with input unread
            }
        }

        /// Lets larger frames and `Data` in, as on a data channel.
        void isData() throws IOException {
            read(Frame.DataInit.class);
            frames.authenticated(true);
        }

        /// The next frame of a kind; others are passed over.
        <F extends Frame> F read(Class<F> kind) throws IOException {
            try (var _ = resources.deadlines().after(PATIENCE, frames::abort)) {
                while (true) {
                    Frame frame = frames.read();
                    if (frame == null) {
                        throw new IOException("the client left before it sent " + kind.getSimpleName());
                    }
                    if (kind.isInstance(frame)) {
                        return kind.cast(frame);
                    }
                }
            }
        }
    }
}
