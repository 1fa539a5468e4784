package tunnel.channel;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import tunnel.fixture.LeakCheck;
import tunnel.fixture.LogLines;
import tunnel.fixture.LoopbackPair;
import tunnel.net.Buffers;
import tunnel.protocol.Frame;
import tunnel.protocol.FrameChannel;

@ExtendWith(LeakCheck.class)
@Timeout(30)
class ControlWriterTest {
    private static final Frame LONG = new Frame.GoAway("x".repeat(16_000));

    private LoopbackPair pair;
    private FrameChannel frames;
    private FrameChannel peer;
    private ControlWriter writer;

    @BeforeEach
    void connect() throws IOException {
        pair = LoopbackPair.open();
        frames = new FrameChannel(pair.near(), new Buffers());
        peer = new FrameChannel(pair.far(), new Buffers());
        peer.authenticated(false);
        writer = new ControlWriter(frames, "control-writer");
    }

    @AfterEach
    void close() {
        frames.close();
        peer.close();
        writer.end();
    }

    @Test
    void whatOnlyTellsTheLatestStateIsMergedAndLeavesLast() throws IOException {
        writer.send(new Frame.OpenData(1));
        writer.send(new Frame.Pong(1));
        writer.send(new Frame.Ack(1));
        writer.send(new Frame.OpenData(5));
        writer.send(new Frame.Pong(2));
        writer.send(new Frame.Ack(2));
        writer.send(new Frame.OpenData(3));
        writer.start();
        writer.end();
        frames.abort();

        assertThat(peer.read()).isEqualTo(new Frame.Ack(1));
        assertThat(peer.read()).isEqualTo(new Frame.Ack(2));
        assertThat(peer.read()).isEqualTo(new Frame.Pong(2));
        assertThat(peer.read()).isEqualTo(new Frame.OpenData(3));
        assertThat(peer.read()).isNull();
    }

    @Test
    void framesLeaveInTheirOrder() throws IOException {
        writer.start();
        for (int i = 1; i <= 1000; i++) {
            writer.send(new Frame.Ping(i));
        }
        for (int i = 1; i <= 1000; i++) {
            assertThat(peer.read()).isEqualTo(new Frame.Ping(i));
        }
    }

    @Test
    void endLetsOutWhatIsQueuedAndLeavesTheChannelOpen() throws IOException {
        writer.start();
        for (int i = 1; i <= 100; i++) {
            writer.send(new Frame.Ping(i));
        }
        writer.end();
        assertThat(pair.near().isOpen()).isTrue();
        writer.send(new Frame.Ack(1)); // too late
        frames.write(new Frame.Ack(2));

        for (int i = 1; i <= 100; i++) {
            assertThat(peer.read()).isEqualTo(new Frame.Ping(i));
        }
        assertThat(peer.read()).isEqualTo(new Frame.Ack(2));
    }

    @Test
    void endWaitsForAPeerThatDoesNotReadASecondAtMost() {
        writer.start();
        for (int i = 0; i < 3000; i++) {
            writer.send(LONG);
        }
        long start = System.nanoTime();
        writer.end();

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofMillis(900), Duration.ofSeconds(5));
        assertThat(pair.near().isOpen()).isFalse();
    }

    @Test
    void aPeerThatDoesNotReadLosesItsChannelAndBlocksNobody() {
        try (LogLines log = new LogLines(Level.WARN)) {
            writer.start();
            int sent = 0;
            while (pair.near().isOpen() && sent < 20_000) {
                writer.send(LONG);
                sent++;
            }
            assertThat(sent).isBetween(4097, 19_999);
            assertThat(log.with("control-writer: the peer does not read its control channel, it is closed")).hasSize(1);
        }
    }

    @Test
    void latestStateNeverPilesUp() {
        writer.start();
        for (int i = 0; i < 100_000; i++) {
            writer.send(new Frame.OpenData(i));
            writer.send(new Frame.Pong(i));
        }
        assertThat(pair.near().isOpen()).isTrue();
    }

    @Test
    void endMayComeBeforeTheStart() throws IOException {
        writer.send(new Frame.Ack(1));
        writer.end();
        writer.start();

        assertThat(peer.read()).isEqualTo(new Frame.Ack(1));
        assertThat(pair.near().isOpen()).isTrue();
    }
}
