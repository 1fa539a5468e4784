package tunnel.benchmark;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import tunnel.net.Buffers;
import tunnel.net.PeerFault;
import tunnel.protocol.Codec;
import tunnel.protocol.Frame;
import tunnel.protocol.Options;

/// A frame written and read. `OPEN` and `END` come once for each stream, `PING` each few seconds, `ASSIGNED` once for each
/// tunnel.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CodecBenchmark {
    /// Which frame.
    public enum Kind {
        OPEN,
        END,
        PING,
        ASSIGNED
    }

    @Param
    private Kind kind = Kind.OPEN;

    private Frame frame = new Frame.End(1);
    private final ByteBuffer out = ByteBuffer.allocateDirect(Buffers.SMALL);
    private final ByteBuffer in = ByteBuffer.allocateDirect(Buffers.SMALL);
    private int type;

    @Setup
    public void prepare() throws UnknownHostException {
        InetSocketAddress visitor = new InetSocketAddress(InetAddress.getByAddress(new byte[] {(byte) 203, 0, 113, 9}), 51_000);
        frame = switch (kind) {
            case OPEN -> new Frame.Open(123_456, 1, visitor, Options.NONE);
            case END -> new Frame.End(123_456);
            case PING -> new Frame.Ping(7);
            case ASSIGNED ->
                new Frame.Assigned(
                        1,
                        "blue-otter",
                        List.of("http://blue-otter.tunnel.example.com", "http://tunnel.example.com:20000"),
                        20_000,
                        Options.NONE);
        };
        Codec.encode(frame, in.clear());
        in.flip();
        type = in.get(0);
    }

    @Benchmark
    public ByteBuffer write() {
        Codec.encode(frame, out.clear());
        return out;
    }

    @Benchmark
    public @Nullable Frame read() throws PeerFault {
        return Codec.decode(type, in.position(Codec.HEADER));
    }
}
