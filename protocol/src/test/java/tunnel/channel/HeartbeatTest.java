package tunnel.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import tunnel.fixture.LeakCheck;
import tunnel.fixture.LoopbackPair;
import tunnel.net.Buffers;
import tunnel.protocol.Frame;
import tunnel.protocol.FrameChannel;
import tunnel.protocol.ProtocolException;

@ExtendWith(LeakCheck.class)
@Timeout(30)
class HeartbeatTest {
    private FrameChannel frames;
    private FrameChannel peer;
    private ControlWriter writer;

    @BeforeEach
    void connect() throws IOException {
        LoopbackPair pair = LoopbackPair.open();
        frames = new FrameChannel(pair.near(), new Buffers());
        peer = new FrameChannel(pair.far(), new Buffers());
        writer = new ControlWriter(frames, "control-writer");
        writer.start();
    }

    @AfterEach
    void close() {
        writer.end();
        frames.close();
        peer.close();
    }

    private Heartbeat every(Duration interval) {
        return new Heartbeat(writer, interval);
    }

    @Test
    void eachBeatPingsWithANewNumber() throws IOException {
        Heartbeat heartbeat = every(Duration.ofMinutes(1));

        assertThat(heartbeat.beat()).isTrue();
        assertThat(heartbeat.beat()).isTrue();
        assertThat(peer.read()).isEqualTo(new Frame.Ping(1));
        assertThat(peer.read()).isEqualTo(new Frame.Ping(2));
    }

    @Test
    void threeSilentIntervalsAreTheEnd() {
        long start = System.nanoTime();
        Heartbeat heartbeat = every(Duration.ofMillis(50));
        await().pollInterval(Duration.ofMillis(5)).until(() -> !heartbeat.beat());

        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(Duration.ofMillis(150).toNanos());
        assertThat(heartbeat.isOver()).isTrue();
    }

    @Test
    void theLastWaitIsOnlyAsLongAsTheSilenceMayLast() {
        Duration interval = Duration.ofSeconds(2); // as long as a busy machine may take from the shorter wait to the beat
        Heartbeat heartbeat = every(interval);
        await().until(() -> heartbeat.untilBeat().compareTo(interval) < 0);
        assertThat(heartbeat.beat()).isTrue();

        heartbeat.heard();
        assertThat(heartbeat.untilBeat()).isEqualTo(interval);
    }

    @Test
    void whoIsHeardLivesOn() {
        Heartbeat heartbeat = every(Duration.ofMillis(400));
        long start = System.nanoTime();
        await().pollInterval(Duration.ofMillis(20)).until(() -> {
            heartbeat.heard();
            assertThat(heartbeat.beat()).isTrue();
            return System.nanoTime() - start > Duration.ofMillis(1600).toNanos();
        });
        assertThat(heartbeat.isOver()).isFalse();
    }

    @Test
    void aSignOfLifeAnswersAQuestion() throws Exception {
        Heartbeat heartbeat = every(Duration.ofMinutes(1));
        Thread reading = Thread.ofVirtual().name("control-reading").start(() -> {
            try {
                assertThat(peer.read()).isEqualTo(new Frame.Ping(1));
                heartbeat.heard();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });

        assertThat(heartbeat.answersWithin(Duration.ofSeconds(20))).isTrue();
        reading.join();
    }

    @Test
    void whatWasHeardBeforeTheQuestionIsNoAnswer() throws Exception {
        Heartbeat heartbeat = every(Duration.ofMinutes(1));
        heartbeat.heard();

        assertThat(heartbeat.answersWithin(Duration.ofMillis(50))).isFalse();
    }

    @Test
    void theLatestPingsAnswerTellsTheRoundTrip() {
        Heartbeat heartbeat = every(Duration.ofMinutes(1));
        heartbeat.beat();
        heartbeat.beat();

        assertThat(heartbeat.roundTrip(1)).isNull();
        assertThat(heartbeat.roundTrip(2)).isPositive().isLessThan(Duration.ofSeconds(20));
        assertThat(heartbeat.roundTrip(3)).isNull();
    }

    @Test
    void tooManyPingsBreakTheProtocol() throws ProtocolException {
        Heartbeat heartbeat = every(Duration.ofMinutes(1));
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 50; i++) {
                heartbeat.countPing();
            }
            assertThat(heartbeat.beat()).isTrue();
        }
        for (int i = 0; i < 50; i++) {
            heartbeat.countPing();
        }
        assertThatThrownBy(heartbeat::countPing)
                .isInstanceOf(ProtocolException.class)
                .hasMessage("more than 50 pings came within one heartbeat");
    }
}
