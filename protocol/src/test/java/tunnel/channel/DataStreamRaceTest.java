package tunnel.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import tunnel.channel.TwoSides.Side;
import tunnel.fixture.LeakCheck;
import tunnel.protocol.Codec;

/// Many streams one after another on one channel, each ended or reset by any of four threads at any moment.
@ExtendWith(LeakCheck.class)
@Timeout(60)
class DataStreamRaceTest {
    private static final int STREAMS = 500;

    @Test
    void everyStreamFinishesOnceOnBothSidesAndTheChannelServesTheNext() throws Exception {
        Random random = new Random(11);
        try (TwoSides sides = new TwoSides()) {
            for (long number = 1; number <= STREAMS; number++) {
                sides.near.begin(number);
                sides.far.begin(number);
                List<Thread> threads = new ArrayList<>();
                for (Side side : List.of(sides.near, sides.far)) {
                    long seed = random.nextLong();
                    threads.add(start("stream-in", () -> receive(side.stream)));
                    threads.add(start("stream-out", () -> send(side.stream, new Random(seed))));
                    if (random.nextInt(3) == 0) {
                        threads.add(start("stream-reset", side.stream::reset));
                    }
                }
                for (Thread thread : threads) {
                    thread.join();
                }
                assertThat(sides.near.finished).as("stream %d, near", number).hasValue(1);
                assertThat(sides.far.finished).as("stream %d, far", number).hasValue(1);
            }
            assertThat(sides.pair.near().isOpen()).isTrue();
        }
    }

    private static Thread start(String name, Runnable task) {
        return Thread.ofVirtual().name(name).start(task);
    }

    private static void receive(DataStream stream) {
        try {
            ByteBuffer data = stream.next();
            while (data != null) {
                data = stream.next();
            }
        } catch (StreamResetException e) {
            stream.reset();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void send(DataStream stream, Random random) {
        try {
            for (int left = random.nextInt(4); left > 0; left--) {
                stream.send(ByteBuffer.allocate(Codec.HEADER + 1 + random.nextInt(20_000)).position(Codec.HEADER));
            }
            if (random.nextInt(4) == 0) {
                stream.reset();
            } else {
                stream.end();
            }
        } catch (StreamResetException e) {
            stream.reset();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
