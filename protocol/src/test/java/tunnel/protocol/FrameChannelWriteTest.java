package tunnel.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import tunnel.fixture.LeakCheck;
import tunnel.fixture.LoopbackPair;
import tunnel.net.Resources;

@ExtendWith(LeakCheck.class)
@Timeout(60)
class FrameChannelWriteTest {
    private final Resources resources = new Resources();
    private LoopbackPair pair;
    private FrameChannel near;
    private FrameChannel far;

    @BeforeEach
    void connect() throws IOException {
        pair = LoopbackPair.open();
        near = new FrameChannel(pair.near(), resources.buffers());
        far = new FrameChannel(pair.far(), resources.buffers());
        near.authenticated(true);
        far.authenticated(true);
    }

    @AfterEach
    void close() {
        near.close();
        far.close();
        resources.close();
    }

    @Test
    void framesOfManyThreadsStayWhole() throws Exception {
        int threads = 8;
        int each = 200;
        List<Thread> writing = new ArrayList<>();
        for (int i = 1; i <= threads; i++) {
            byte mark = (byte) i;
            writing.add(Thread.ofVirtual().name("data-writing-" + i).start(() -> write(mark, each)));
        }
        AtomicLong data = new AtomicLong();
        int ends = 0;
        while (ends < threads * each) {
            switch (near.read()) {
                case Frame.Data part -> {
                    byte mark = part.payload().get(part.payload().position());
                    while (part.payload().hasRemaining()) {
                        assertThat(part.payload().get()).isEqualTo(mark);
                        data.incrementAndGet();
                    }
                }
                case Frame.End _ -> ends++;
                case null, default -> throw new AssertionError("frames were mixed up");
            }
        }
        assertThat(data).hasValue((long) threads * each * 3000);
        for (Thread thread : writing) {
            thread.join();
        }
    }

    private void write(byte mark, int times) {
        try {
            for (int i = 0; i < times; i++) {
                ByteBuffer bytes = ByteBuffer.allocate(Codec.HEADER + 3000);
                java.util.Arrays.fill(bytes.array(), mark);
                far.writeData(bytes.position(Codec.HEADER));
                far.write(new Frame.End(mark));
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void theLastWordArrivesThoughInputWaitsUnread() throws Exception {
        far.writeData(ByteBuffer.allocate(Codec.HEADER + 40_000).position(Codec.HEADER));
        Frame.Close last = new Frame.Close(CloseCode.PROTOCOL, "so not");
        Thread refusing = Thread.ofVirtual().name("data-refusing").start(() -> near.abortAfter(last, resources.deadlines()));

        assertThat(far.read()).isEqualTo(last);
        assertThat(far.read()).isNull();
        far.abort();
        refusing.join();
        assertThat(pair.near().isOpen()).isFalse();
    }

    @Test
    void aPeerThatNeverClosesIsNotWaitedForLong() {
        long start = System.nanoTime();
        near.abortAfter(new Frame.GoAway("bye"), resources.deadlines());

        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofMillis(900), Duration.ofSeconds(5));
        assertThat(pair.near().isOpen()).isFalse();
    }

    @Test
    void aPeerThatSendsOnAndOnIsNotReadForLong() throws Exception {
        Thread flooding = Thread.ofVirtual().name("data-flooding").start(() -> {
            try {
                while (true) {
                    far.writeData(ByteBuffer.allocate(Codec.HEADER + 60_000).position(Codec.HEADER));
                }
            } catch (IOException closed) {
                // as it should be
            }
        });
        near.abortAfter(new Frame.GoAway("bye"), resources.deadlines());

        flooding.join();
        assertThat(pair.near().isOpen()).isFalse();
    }

    @Test
    void abortWakesABlockedWriter() throws Exception {
        Thread writing = Thread.ofVirtual().name("data-writing").start(() -> assertThatThrownBy(() -> {
                    while (true) {
                        far.writeData(ByteBuffer.allocate(Codec.HEADER + 60_000).position(Codec.HEADER));
                    }
                })
                .isInstanceOf(IOException.class));
        await().until(() -> writing.getState() == Thread.State.WAITING || writing.getState() == Thread.State.RUNNABLE);
        far.abort();

        assertThat(writing.join(Duration.ofSeconds(10))).isTrue();
    }
}
