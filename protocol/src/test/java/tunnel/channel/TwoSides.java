package tunnel.channel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tunnel.fixture.LoopbackPair;
import tunnel.net.Deadlines;
import tunnel.net.Resources;
import tunnel.protocol.Codec;
import tunnel.protocol.FrameChannel;

/// Both ends of a data channel over a real connection, and a stream on it.
final class TwoSides implements AutoCloseable {
    static final long NUMBER = 7;

    final Resources resources = new Resources();
    final LoopbackPair pair;
    final Side near;
    final Side far;

    TwoSides() throws IOException {
        pair = LoopbackPair.open();
        near = new Side(new FrameChannel(pair.near(), resources.buffers()));
        far = new Side(new FrameChannel(pair.far(), resources.buffers()));
    }

    /// One end, and what its stream asked of it.
    final class Side implements DataStream.Surroundings {
        final FrameChannel frames;
        final List<Long> resetsOnControl = new CopyOnWriteArrayList<>();
        final AtomicInteger finished = new AtomicInteger();
        DataStream stream;

        private Side(FrameChannel frames) {
            this.frames = frames;
            this.stream = new DataStream(NUMBER, frames, this);
            frames.authenticated(true);
        }

        /// The next stream on the same channel.
        void begin(long number) {
            stream = new DataStream(number, frames, this);
            finished.set(0);
        }

        void send(String text) throws IOException {
            byte[] bytes = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
            stream.send(ByteBuffer.allocate(Codec.HEADER + bytes.length)
                    .position(Codec.HEADER)
                    .put(bytes)
                    .position(Codec.HEADER));
        }

        /// The next bytes as text, or null at the end.
        @Nullable String next() throws IOException {
            ByteBuffer data = stream.next();
            return data == null ? null : java.nio.charset.StandardCharsets.UTF_8.decode(data).toString();
        }

        @Override
        public Deadlines deadlines() {
            return resources.deadlines();
        }

        @Override
        public void resetOnControl(long number) {
            resetsOnControl.add(number);
        }

        @Override
        public void finished(DataStream done) {
            finished.incrementAndGet();
        }
    }

    @Override
    public void close() {
        near.frames.close();
        far.frames.close();
        resources.close();
    }
}
