package tunnel.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import tunnel.fixture.LeakCheck;
import tunnel.fixture.LoopbackPair;
import tunnel.net.Buffers;

/// `Data` comes in parts, and none of its bytes is lost or moved, however the reader's buffer grows and shrinks.
@ExtendWith(LeakCheck.class)
@Timeout(60)
class FrameChannelDataTest {
    private final Buffers buffers = new Buffers();
    private LoopbackPair pair;
    private FrameChannel reader;
    private FrameChannel writer;

    @BeforeEach
    void connect() throws IOException {
        pair = LoopbackPair.open();
        reader = new FrameChannel(pair.near(), buffers);
        reader.authenticated(true);
        writer = new FrameChannel(pair.far(), buffers);
    }

    @AfterEach
    void close() {
        reader.close();
        writer.close();
    }

    @Test
    void streamsOfAllSizesArriveWholeOneAfterAnother() throws Exception {
        int streams = 300;
        Thread sending = Thread.ofVirtual().name("data-sending").start(() -> send(streams));
        Random expected = new Random(7);
        for (int stream = 1; stream <= streams; stream++) {
            byte[] whole = payload(expected);
            ByteBuffer got = ByteBuffer.allocate(whole.length);
            Frame frame = reader.read();
            while (frame instanceof Frame.Data data) {
                assertThat(data.payload().hasRemaining()).isTrue();
                got.put(data.payload());
                frame = reader.read();
            }
            assertThat(frame).isEqualTo(new Frame.End(stream));
            assertThat(got.array()).isEqualTo(whole);
        }
        sending.join();
    }

    private void send(int streams) {
        Random random = new Random(7);
        Random cuts = new Random(8);
        try {
            for (int stream = 1; stream <= streams; stream++) {
                ByteBuffer whole = ByteBuffer.wrap(payload(random));
                while (whole.hasRemaining()) {
                    int length = Math.min(whole.remaining(), 1 + cuts.nextInt(Codec.LIMIT_DATA));
                    ByteBuffer frame = ByteBuffer.allocate(Codec.HEADER + length).position(Codec.HEADER);
                    writer.writeData(frame.put(whole.slice(whole.position(), length)).flip().position(Codec.HEADER));
                    whole.position(whole.position() + length);
                }
                writer.write(new Frame.End(stream));
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] payload(Random random) {
        byte[] bytes = new byte[1 << random.nextInt(1, 19)];
        random.nextBytes(bytes);
        return bytes;
    }

    @Test
    void whatComesInBulkComesInLargePieces() throws Exception {
        int all = 8 << 20;
        Thread sending = Thread.ofVirtual().start(() -> {
            try {
                for (int sent = 0; sent < all; sent += Codec.LIMIT_DATA) {
                    writer.writeData(ByteBuffer.allocate(Codec.HEADER + Codec.LIMIT_DATA).position(Codec.HEADER));
                }
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        int largest = 0;
        for (int got = 0; got < all; ) {
            int part = reader.read() instanceof Frame.Data data ? data.payload().remaining() : all;
            largest = Math.max(largest, part);
            got += part;
        }
        sending.join();
        assertThat(largest).isGreaterThan(Buffers.RECORD);
    }

    @Test
    void aFrameAtTheLimitIsRead() throws IOException {
        int sent = Codec.LIMIT_DATA;
        writer.writeData(ByteBuffer.allocate(Codec.HEADER + sent).position(Codec.HEADER));
        int got = 0;
        while (got < sent) {
            got += reader.read() instanceof Frame.Data data ? data.payload().remaining() : 0;
        }
        assertThat(got).isEqualTo(sent);
    }

    /// The small buffer is full then, and grows with half a header in it.
    @Test
    void aHeaderCutByTheEndOfTheBufferIsReadWhole() throws IOException {
        int firstLength = Buffers.SMALL - Codec.HEADER - 2;
        ByteBuffer both = ByteBuffer.allocate(2 * Buffers.SMALL);
        Codec.encode(new Frame.Data(ByteBuffer.allocate(firstLength)), both);
        Codec.encode(new Frame.Data(ByteBuffer.wrap(new byte[] {1, 2, 3})), both);
        Codec.encode(new Frame.End(9), both);
        pair.far().write(both.flip());

        int got = 0;
        while (got < firstLength) {
            got += reader.read() instanceof Frame.Data data ? data.payload().remaining() : 0;
        }
        assertThat(got).isEqualTo(firstLength);
        assertThat(reader.read()).isEqualTo(new Frame.Data(ByteBuffer.wrap(new byte[] {1, 2, 3})));
        assertThat(reader.read()).isEqualTo(new Frame.End(9));
    }

    @Test
    void dataMayLeaveInOneWriteWithTheFrameBeforeIt() throws IOException {
        ByteBuffer first = ByteBuffer.wrap(new byte[] {1, 2, 3, 4}).position(1);
        writer.write(new Frame.Accepted(17), first);

        assertThat(reader.read()).isEqualTo(new Frame.Accepted(17));
        assertThat(reader.read()).isEqualTo(new Frame.Data(ByteBuffer.wrap(new byte[] {2, 3, 4})));
        assertThat(first.remaining()).isEqualTo(3);
    }
}
