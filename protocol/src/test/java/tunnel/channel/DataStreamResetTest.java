package tunnel.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import tunnel.channel.TwoSides.Side;
import tunnel.fixture.LeakCheck;
import tunnel.protocol.Codec;
import tunnel.protocol.Frame;
import tunnel.protocol.RefuseReason;

/// Resets when the other side does not read, does not answer, or goes on sending.
@ExtendWith(LeakCheck.class)
@Timeout(30)
class DataStreamResetTest {
    private TwoSides sides;
    private Side near;
    private Side far;

    @BeforeEach
    void connect() throws IOException {
        sides = new TwoSides();
        near = sides.near;
        far = sides.far;
    }

    @AfterEach
    void close() {
        sides.close();
    }

    /// Sends until it cannot any more.
    private static final class Flood {
        private final AtomicLong sent = new AtomicLong();
        private final CompletableFuture<IOException> end = new CompletableFuture<>();

        Flood(Side side) {
            Thread.ofVirtual().name("stream-flood").start(() -> {
                try {
                    while (true) {
                        side.stream.send(ByteBuffer.allocate(Codec.HEADER + 50_000).position(Codec.HEADER));
                        sent.incrementAndGet();
                    }
                } catch (IOException e) {
                    end.complete(e);
                }
            });
        }

        /// Waits until the sockets are full and it makes no progress.
        void awaitBlocked() {
            AtomicLong last = new AtomicLong(-1);
            await().pollInterval(Duration.ofMillis(100)).until(() -> last.getAndSet(sent.get()) == sent.get() && sent.get() > 0);
        }
    }

    @Test
    void aSenderThatIsBlockedDoesNotHoldUpTheReset() throws Exception {
        Flood flood = new Flood(near);
        flood.awaitBlocked();
        near.stream.reset();

        assertThat(flood.end).as("still blocked").isNotDone();
        assertThat(sides.pair.near().isOpen()).as("not given up after 2 s").isTrue();
        assertThat(near.resetsOnControl).as("where it can be heard").containsExactly(TwoSides.NUMBER);

        // the other side hears of it on the control channel, and makes room
        far.stream.reset();
        assertThatThrownBy(() -> {
                    while (far.frames.read() instanceof Frame.Data) {
                        // all that was under way; a real side counts it and may close the channel
                    }
                    throw new StreamResetException();
                })
                .isInstanceOf(StreamResetException.class);
        assertThat(flood.end.get()).isInstanceOf(StreamResetException.class);
        far.stream.resetReceived();
        near.stream.discard();
        assertThat(near.finished).hasValue(1);
        assertThat(far.finished).hasValue(1);
    }

    @Test
    void aBlockedSenderIsFreedByThePeersReset() throws Exception {
        Flood flood = new Flood(near);
        flood.awaitBlocked();
        far.stream.reset();
        assertThatThrownBy(near::next).isInstanceOf(StreamResetException.class);
        near.stream.reset();
        Frame frame = far.frames.read();
        while (frame instanceof Frame.Data) {
            frame = far.frames.read();
        }

        assertThat(frame).isEqualTo(new Frame.Reset(TwoSides.NUMBER));
        assertThat(flood.end.get()).isInstanceOf(StreamResetException.class);
        await().until(() -> near.finished.get() == 1);
    }

    @Test
    void tooMuchAfterAResetGivesTheChannelUp() throws Exception {
        near.stream.reset();
        Flood flood = new Flood(far);

        assertThatThrownBy(() -> near.stream.discard())
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(StreamResetException.class)
                .hasMessage("stream 7: too much came after its reset");
        near.frames.abort(); // as its owner does
        assertThat(flood.end.get()).isNotInstanceOf(StreamResetException.class);
        assertThat(near.finished).hasValue(0);
    }

    @Test
    void upTo256KiBAfterAResetAreThrownAway() throws Exception {
        near.stream.reset();
        Thread sending = sendAndEnd(256 << 10);
        near.stream.discard();
        sending.join();

        assertThat(near.finished).hasValue(1);
    }

    @Test
    void oneByteMoreIsTooMuch() throws Exception {
        near.stream.reset();
        Thread sending = sendAndEnd((256 << 10) + 1);

        assertThatThrownBy(() -> near.stream.discard()).hasMessage("stream 7: too much came after its reset");
        sending.join();
        assertThat(near.finished).hasValue(0);
    }

    private Thread sendAndEnd(int bytes) {
        return Thread.ofVirtual().name("stream-sending").start(() -> {
            try {
                for (int left = bytes; left > 0; left -= 64 << 10) {
                    int length = Math.min(left, 64 << 10);
                    far.stream.send(ByteBuffer.allocate(Codec.HEADER + length).position(Codec.HEADER));
                }
                far.stream.end();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void aResetThatIsNotAnsweredClosesTheChannelAfter2Seconds() {
        long start = System.nanoTime();
        near.stream.reset();
        await().until(() -> !sides.pair.near().isOpen());

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofMillis(1900), Duration.ofSeconds(6));
        assertThat(near.finished).hasValue(0);
    }

    @Test
    void aRefusalThatIsNotAnsweredClosesTheChannelToo() throws IOException {
        near.stream.refuse(new Frame.Refused(TwoSides.NUMBER, RefuseReason.OTHER, ""));

        await().until(() -> !sides.pair.near().isOpen());
        assertThat(near.finished).hasValue(0);
    }

    @Test
    void aResetThatWasAnsweredLeavesTheChannelToTheNextStream() throws IOException {
        near.stream.reset();
        assertThatThrownBy(far::next).isInstanceOf(StreamResetException.class);
        far.stream.reset();
        near.stream.discard();
        near.begin(8);
        far.begin(8);
        long start = System.nanoTime();
        await().until(() -> System.nanoTime() - start > Duration.ofMillis(2500).toNanos());
        near.send("still there");

        assertThat(far.next()).isEqualTo("still there");
    }
}
