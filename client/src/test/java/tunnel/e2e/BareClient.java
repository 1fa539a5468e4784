package tunnel.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tunnel.net.PlainTransport;
import tunnel.net.Resources;
import tunnel.protocol.Bytes;
import tunnel.protocol.Frame;
import tunnel.protocol.FrameChannel;
import tunnel.protocol.Options;
import tunnel.protocol.Proofs;
import tunnel.protocol.Token;
import tunnel.protocol.TunnelProtocol;
import tunnel.server.TunnelServer;

/// A client frame by frame, of a server without TLS, for what no real client's timing brings about each time. It has one
/// tunnel of TCP, and answers nothing by itself but what is said on the control channel.
final class BareClient implements AutoCloseable {
    private final TunnelServer server;
    private final Resources resources = new Resources();
    private final List<FrameChannel> open = new ArrayList<>();
    private final FrameChannel control;
    private final Bytes session;
    private final Bytes secret;
    private final int port;

    BareClient(TunnelServer server) throws IOException {
        this.server = server;
        Token token = server.joinString().token();
        Bytes nonce = Bytes.random(32);
        control = dial();
        Bytes binding = next(control, Frame.Challenge.class).nonce();
        control.write(Proofs.init(token, binding, nonce, Options.NONE));
        session = next(control, Frame.Welcome.class).session();
        secret = Proofs.plainSecret(token.storedKey(), binding, nonce);
        control.authenticated(false);
        control.write(new Frame.Bind(1, TunnelProtocol.TCP, "", 0, Options.NONE));
        port = next(control, Frame.Assigned.class).port();
        control.write(new Frame.Ack(1));
        next(control, Frame.Ready.class);
        Thread.ofVirtual().name("bare-client").start(this::answerPings);
    }

    private FrameChannel dial() throws IOException {
        SocketChannel socket = SocketChannel.open(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), server.controlPort()));
        FrameChannel frames = new FrameChannel(new PlainTransport(socket), resources.buffers());
        open.add(frames);
        return frames;
    }

    /// The tunnel's public port.
    int port() {
        return port;
    }

    /// A new data channel; the server has heard its `DataInit`, or will.
    FrameChannel dataChannel() throws IOException {
        FrameChannel data = dial();
        data.write(Proofs.dataInit(session, secret, next(data, Frame.Challenge.class).nonce()));
        data.authenticated(true);
        return data;
    }

    /// Reads up to a frame of that kind.
    static <F extends Frame> F next(FrameChannel channel, Class<F> kind) throws IOException {
        @Nullable Frame frame = channel.read();
        while (frame != null && !kind.isInstance(frame)) {
            frame = channel.read();
        }
        assertThat(frame).as("the next " + kind.getSimpleName()).isNotNull();
        return kind.cast(java.util.Objects.requireNonNull(frame));
    }

    private void answerPings() {
        try {
            while (true) {
                control.write(new Frame.Pong(next(control, Frame.Ping.class).id()));
            }
        } catch (IOException | AssertionError over) {
            // the session has ended
        }
    }

    @Override
    public void close() {
        open.forEach(FrameChannel::abort);
        resources.close();
    }
}
