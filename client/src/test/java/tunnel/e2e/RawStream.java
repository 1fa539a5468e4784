package tunnel.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import tunnel.protocol.Frame;
import tunnel.protocol.Options;

/// A stream by hand, on a data channel of a {@link RawServer}.
final class RawStream {
    private final RawServer.Connection data;
    private final long number;

    /// Opens it for tunnel 1, and waits until the local service is connected.
    RawStream(RawServer.Connection data, long number) throws IOException {
        this.data = data;
        this.number = number;
        data.send(new Frame.Open(number, 1, new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 1), Options.NONE));
        data.read(Frame.Opened.class);
    }

    void send(String text) throws IOException {
        data.send(new Frame.Data(ByteBuffer.wrap(text.getBytes(UTF_8))));
    }

    /// All that the local service sends until it ends, which ends the stream too.
    String answer() throws IOException {
        StringBuilder answer = new StringBuilder();
        while (true) {
            switch (data.read(Frame.class)) {
                case Frame.Data part -> answer.append(UTF_8.decode(part.payload()));
                case Frame.End _ -> {
                    data.send(new Frame.End(number));
                    return answer.toString();
                }
                case Frame other -> throw new IOException(other + " came");
            }
        }
    }
}
