package tunnel.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tunnel.net.Buffers;
import tunnel.net.PeerFault;
import tunnel.net.Transport;

/// Whatever a peer sends, the answer is a frame, the end of input or a {@link PeerFault}, and never another exception. The
/// same seed gives the same inputs.
class RandomBytesTest {
    private static final int INPUTS = 100_000;
    private static final int SEED = 20_26;

    @Test
    void theCodecReadsOrRefuses() {
        Random random = new Random(SEED);
        int frames = 0;
        for (int i = 0; i < INPUTS; i++) {
            byte[] input = randomInput(random);
            ByteBuffer payload = ByteBuffer.wrap(input, Codec.HEADER, input.length - Codec.HEADER);
            try {
                Frame frame = Codec.decode(Byte.toUnsignedInt(input[0]), payload);
                assertThat(payload.hasRemaining()).isFalse();
                frames += frame == null ? 0 : 1;
            } catch (PeerFault refused) {
                // as it should be
            } catch (RuntimeException e) {
                fail("input " + i + ", " + HexFormat.of().formatHex(input), e);
            }
        }
        assertThat(frames).as("inputs that were frames").isBetween(INPUTS / 10, INPUTS * 9 / 10);
    }

    @Test
    void theFrameChannelReadsOrRefuses() {
        Random random = new Random(SEED);
        Buffers buffers = new Buffers();
        int frames = 0;
        for (int i = 0; i < INPUTS; i++) {
            byte[] input = randomInput(random);
            try (FrameChannel channel = new FrameChannel(new OfBytes(ByteBuffer.wrap(input), random), buffers)) {
                if (random.nextBoolean()) {
                    channel.authenticated(random.nextBoolean());
                }
                while (channel.read() != null) {
                    frames++;
                }
            } catch (PeerFault refused) {
                // as it should be
            } catch (IOException | RuntimeException e) {
                fail("input " + i + ", " + HexFormat.of().formatHex(input), e);
            }
        }
        assertThat(frames).as("frames read").isBetween(INPUTS / 10, INPUTS * 2);
    }

    /// At least a header. Some are examples with a few bytes changed, some are anything.
    private static byte[] randomInput(Random random) {
        byte[] input;
        if (random.nextInt(4) > 0) {
            String hex = Examples.ALL.get(random.nextInt(Examples.ALL.size())).hex();
            input = HexFormat.of().parseHex(random.nextInt(10) == 0 ? hex + hex : hex);
            for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
                int at = random.nextInt(input.length);
                input[at] = random.nextBoolean() ? (byte) random.nextInt() : (byte) (input[at] + random.nextInt(3) - 1);
            }
        } else {
            input = new byte[Codec.HEADER + random.nextInt(120)];
            random.nextBytes(input);
            if (random.nextBoolean()) {
                input[0] = (byte) random.nextInt(0x18);
                input[1] = 0;
                input[2] = 0;
                input[3] = (byte) (input.length - Codec.HEADER);
            }
        }
        return input;
    }

    /// Input that comes in pieces, without a socket for each of so many.
    private record OfBytes(ByteBuffer input, Random random) implements Transport {
        @Override
        public int read(ByteBuffer target) {
            if (!input.hasRemaining()) {
                return -1;
            }
            int length = Math.min(Math.min(input.remaining(), target.remaining()), 1 + random.nextInt(50));
            target.put(input.slice(input.position(), length));
            input.position(input.position() + length);
            return length;
        }

        @Override
        public int write(ByteBuffer source) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void handshake() {}

        @Override
        public byte @Nullable [] channelBinding() {
            return null;
        }

        @Override
        public void shutdownOutput() {}

        @Override
        public boolean hasStalled(long now, Duration most) {
            return false;
        }

        @Override
        public void reset() {}

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}

        @Override
        public InetSocketAddress remote() {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
        }
    }
}
