package tunnel.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import tunnel.channel.TwoSides.Side;
import tunnel.fixture.LeakCheck;
import tunnel.protocol.Codec;
import tunnel.protocol.Frame;
import tunnel.protocol.ProtocolException;
import tunnel.protocol.RefuseReason;

/// Which terminal frames end a stream, on both sides.
@ExtendWith(LeakCheck.class)
@Timeout(30)
class DataStreamTest {
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

    private void assertBothFinishedOnce() {
        assertThat(near.stream.isFinished()).isTrue();
        assertThat(far.stream.isFinished()).isTrue();
        assertThat(near.finished).hasValue(1);
        assertThat(far.finished).hasValue(1);
    }

    @Test
    void aStreamThatHasEndedReadsNothingOfTheNextOne() throws IOException {
        far.stream.end();
        assertThat(near.next()).isNull();
        near.stream.end();
        DataStream over = far.stream;
        far.begin(TwoSides.NUMBER + 1);
        far.send("the next one's");
        far.stream = over;

        assertThat(near.next()).isNull();
        near.stream.discard();
        assertThat(far.next()).isNull();
        assertBothFinishedOnce();
    }

    @Test
    void theLastBytesEndTheirHalf() throws IOException {
        near.stream.sendLast(ByteBuffer.allocate(Codec.HEADER + 2).putShort(Codec.HEADER, (short) 0x6F6B).position(Codec.HEADER));
        assertThat(far.next()).isEqualTo("ok");
        assertThat(far.next()).isNull();
        assertThatThrownBy(() -> near.send("more")).isInstanceOf(StreamResetException.class);

        far.stream.end();
        assertThat(near.next()).isNull();
        assertBothFinishedOnce();
    }

    @Test
    void aHalfThatHasEndedLeavesTheOtherOpen() throws IOException {
        near.send("request");
        near.stream.end();
        assertThat(far.next()).isEqualTo("request");
        assertThat(far.next()).isNull();
        assertThat(far.stream.isFinished()).isFalse();
        assertThat(near.stream.isFinished()).isFalse();

        far.send("response");
        far.stream.end();
        assertThat(far.finished).hasValue(1);
        assertThat(near.next()).isEqualTo("response");
        assertThat(near.finished).hasValue(0);
        assertThat(near.next()).isNull();
        assertBothFinishedOnce();
    }

    @Test
    void whoReadsOnBehindTheEndTakesNothingOfTheNextStream() throws IOException {
        near.stream.end();
        assertThat(far.next()).isNull();
        far.stream.end();
        DataStream over = far.stream;
        near.begin(TwoSides.NUMBER + 1);
        far.begin(TwoSides.NUMBER + 1);
        near.send("of the next");

        assertThat(over.next()).isNull();
        over.discard();
        assertThat(far.next()).isEqualTo("of the next");
    }

    @Test
    void aResetIsAnsweredByAReset() throws IOException {
        near.send("half of it");
        near.stream.reset();
        assertThat(far.next()).isEqualTo("half of it");
        assertThatThrownBy(far::next).isInstanceOf(StreamResetException.class);
        far.stream.reset();
        near.stream.discard();

        assertBothFinishedOnce();
        assertThat(near.resetsOnControl).containsExactly(TwoSides.NUMBER);
        assertThat(far.resetsOnControl).as("the other side knows already").isEmpty();
    }

    @Test
    void aResetAfterEndIsForTheChannelsOwner() throws IOException {
        near.stream.end();
        near.stream.reset();
        assertThat(far.next()).isNull();
        assertThat(far.frames.read()).isEqualTo(new Frame.Reset(TwoSides.NUMBER));
        far.stream.resetReceived();
        far.stream.reset();
        near.stream.discard();

        assertBothFinishedOnce();
    }

    @Test
    void whoHasEndedAnswersAResetNoMore() throws IOException {
        near.stream.end();
        far.stream.reset();
        assertThatThrownBy(near::next).isInstanceOf(StreamResetException.class);
        near.stream.reset();
        far.stream.discard();
        near.frames.write(new Frame.Ping(1));

        assertBothFinishedOnce();
        assertThat(far.frames.read()).as("nothing came between").isEqualTo(new Frame.Ping(1));
        assertThat(near.resetsOnControl).isEmpty();
    }

    @Test
    void resetsThatCrossFinishTheStream() throws IOException {
        near.stream.reset();
        far.stream.reset();
        near.stream.discard();
        far.stream.discard();

        assertBothFinishedOnce();
    }

    @Test
    void resettingAgainSaysNothingMore() throws IOException {
        near.stream.reset();
        near.stream.reset();
        near.frames.write(new Frame.Ping(1));

        assertThat(far.frames.read()).isEqualTo(new Frame.Reset(TwoSides.NUMBER));
        assertThat(far.frames.read()).isEqualTo(new Frame.Ping(1));
        assertThat(near.resetsOnControl).hasSize(1);
    }

    @Test
    void nothingIsSentAfterAReset() throws IOException {
        near.stream.reset();
        assertThatThrownBy(() -> near.send("late")).isInstanceOf(StreamResetException.class);
        assertThatThrownBy(() -> near.stream.end()).isInstanceOf(StreamResetException.class);
        near.frames.write(new Frame.Ping(1));

        assertThat(far.frames.read()).isEqualTo(new Frame.Reset(TwoSides.NUMBER));
        assertThat(far.frames.read()).isEqualTo(new Frame.Ping(1));
    }

    @Test
    void nothingIsSentAfterItsEnd() throws IOException {
        near.stream.end();
        assertNothingFollows(new Frame.End(TwoSides.NUMBER));
    }

    @Test
    void nothingIsSentAfterItWasCutOff() throws IOException {
        near.stream.cutOff();
        assertNothingFollows(new Frame.Reset(TwoSides.NUMBER));
    }

    private void assertNothingFollows(Frame terminal) throws IOException {
        assertThatThrownBy(() -> near.send("late")).isInstanceOf(StreamResetException.class);
        near.frames.write(new Frame.Ping(1));

        assertThat(far.frames.read()).isEqualTo(terminal);
        assertThat(far.frames.read()).isEqualTo(new Frame.Ping(1));
    }

    @Test
    void whatComesAfterItsOwnResetIsThrownAway() throws IOException {
        far.send("on its way");
        near.stream.reset();
        far.stream.end();

        assertThat(near.next()).isNull();
        assertThatThrownBy(far::next).isInstanceOf(StreamResetException.class);
        assertBothFinishedOnce();
    }

    @Test
    void aRefusalIsATerminalOfBothHalves() throws IOException {
        Frame.Refused refused = new Frame.Refused(TwoSides.NUMBER, RefuseReason.LOCAL_UNREACHABLE, "no");
        near.send("first bytes");
        far.stream.refuse(refused);
        assertThat(near.frames.read()).isEqualTo(refused);
        near.stream.resetReceived();
        near.stream.reset();
        far.stream.discard();

        assertBothFinishedOnce();
        assertThat(near.resetsOnControl).isEmpty();
        assertThat(far.resetsOnControl).isEmpty();
    }

    @Test
    void framesOfFinishedStreamsAndLatePongsAreDropped() throws IOException {
        for (Frame stale : List.of(new Frame.End(6), new Frame.Pong(3), new Frame.Reset(5), new Frame.End(6))) {
            far.frames.write(stale);
        }
        far.send("new");

        assertThat(near.next()).isEqualTo("new");
        assertThat(near.stream.isFinished()).isFalse();
    }

    /// The server asks an idle channel for a sign of life at the moment when a visitor gets it.
    @Test
    void aPingThatCrossedOpenIsDropped() throws IOException {
        far.frames.write(new Frame.Ping(3));
        far.send("new");

        assertThat(near.next()).isEqualTo("new");
    }

    @Test
    void theSameChannelCarriesTheNextStream() throws IOException {
        near.stream.end();
        far.stream.reset();
        assertThatThrownBy(near::next).isInstanceOf(StreamResetException.class);
        far.stream.discard();
        near.begin(8);
        far.begin(8);
        near.send("second");

        assertThat(far.next()).isEqualTo("second");
    }

    @Test
    void whatDoesNotBelongInAStreamBreaksTheProtocol() throws IOException {
        far.frames.write(new Frame.Ack(1));

        assertThatThrownBy(near::next).isInstanceOf(ProtocolException.class).hasMessage("Ack came inside stream 7");
    }

    @Test
    void aChannelClosedInsideAStreamIsNoOrderlyEnd() {
        far.frames.abort();

        assertThatThrownBy(near::next).isInstanceOf(EOFException.class);
        assertThat(near.finished).hasValue(0);
    }
}
