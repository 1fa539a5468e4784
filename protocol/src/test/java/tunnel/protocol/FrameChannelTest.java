package tunnel.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tunnel.fixture.LeakCheck;
import tunnel.fixture.LoopbackPair;
import tunnel.net.Buffers;

@ExtendWith(LeakCheck.class)
@Timeout(30)
class FrameChannelTest {
    private LoopbackPair pair;
    private FrameChannel channel;

    @BeforeEach
    void connect() throws IOException {
        pair = LoopbackPair.open();
        channel = new FrameChannel(pair.near(), new Buffers());
    }

    @AfterEach
    void close() {
        channel.close();
        pair.close();
    }

    private void peerSends(String hex) throws IOException {
        pair.far().write(ByteBuffer.wrap(HexFormat.of().parseHex(hex)));
    }

    @Test
    void framesThatCameTogetherAreReadOneByOne() throws IOException {
        peerSends("0b0000080000000000000007" + "0c0000080000000000000008" + "0700000400000001");

        assertThat(channel.read()).isEqualTo(new Frame.Ping(7));
        assertThat(channel.read()).isEqualTo(new Frame.Pong(8));
        assertThat(channel.read()).isEqualTo(new Frame.Ack(1));
    }

    @Test
    void optionalFramesOfLaterVersionsAreSkipped() throws IOException {
        peerSends("80000003" + "010203" + "ff000000" + "0700000400000001");

        assertThat(channel.read()).isEqualTo(new Frame.Ack(1));
    }

    @Test
    void endOfInputBetweenFramesIsAnOrderlyEnd() throws IOException {
        peerSends("0700000400000001");
        pair.far().shutdownOutput();

        assertThat(channel.read()).isEqualTo(new Frame.Ack(1));
        assertThat(channel.read()).isNull();
        assertThat(channel.read()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"07", "0700", "070000"})
    void endOfInputInsideAHeaderIsNot(String part) throws IOException {
        peerSends(part);
        pair.far().shutdownOutput();

        assertThatThrownBy(() -> channel.read())
                .isInstanceOf(ProtocolException.class)
                .hasMessage("the input ended inside a frame's header");
    }

    @ParameterizedTest
    @ValueSource(strings = {"07000004", "07000004000000", "15000004"})
    void endOfInputInsideAPayloadIsNot(String part) throws IOException {
        channel.authenticated(true);
        peerSends(part);
        pair.far().shutdownOutput();

        assertThatThrownBy(() -> channel.read())
                .isInstanceOf(ProtocolException.class)
                .hasMessage("the input ended inside a frame");
    }

    @Test
    void endOfInputInsideDataIsToldAfterWhatCame() throws IOException {
        channel.authenticated(true);
        peerSends("15000004" + "010203");
        pair.far().shutdownOutput();

        assertThat(channel.read()).isEqualTo(new Frame.Data(ByteBuffer.wrap(new byte[] {1, 2, 3})));
        assertThatThrownBy(() -> channel.read())
                .isInstanceOf(ProtocolException.class)
                .hasMessage("the input ended inside a frame");
    }

    /// The header alone is enough to be refused: nothing waits for, or makes room for, what it announces.
    @ParameterizedTest
    @CsvSource({
        "no one,  07ffffff, 'frame of type 0x07 is 16777215 bytes long, 1024 are allowed'",
        "no one,  0d000401, 'frame of type 0x0d is 1025 bytes long, 1024 are allowed'",
        "no one,  15000401, 'frame of type 0x15 is 1025 bytes long, 1024 are allowed'",
        "no one,  80000401, 'frame of type 0x80 is 1025 bytes long, 1024 are allowed'",
        "control, 0d004001, 'frame of type 0x0d is 16385 bytes long, 16384 are allowed'",
        "control, 15004001, 'frame of type 0x15 is 16385 bytes long, 16384 are allowed'",
        "control, ffffffff, 'frame of type 0xff is 16777215 bytes long, 16384 are allowed'",
        "data,    0d004001, 'frame of type 0x0d is 16385 bytes long, 16384 are allowed'",
        "data,    15010001, 'frame of type 0x15 is 65537 bytes long, 65536 are allowed'",
        "data,    15ffffff, 'frame of type 0x15 is 16777215 bytes long, 65536 are allowed'"
    })
    void whatIsTooLongIsRefusedByItsHeader(String known, String header, String message) throws IOException {
        if (!known.equals("no one")) {
            channel.authenticated(known.equals("data"));
        }
        peerSends(header);

        assertThatThrownBy(() -> channel.read()).isInstanceOf(ProtocolException.class).hasMessage(message);
    }

    @Test
    void aFrameAtItsLimitIsRead() throws IOException {
        String atFirst = "x".repeat(Codec.LIMIT_BEFORE_AUTHENTICATION - 2);
        peerSends("0d000400" + "03fe" + "78".repeat(atFirst.length()));
        assertThat(channel.read()).isEqualTo(new Frame.GoAway(atFirst));

        channel.authenticated(false);
        String later = "x".repeat(Codec.LIMIT_CONTROL - 2);
        peerSends("0d004000" + "3ffe" + "78".repeat(later.length()) + "0700000400000001");
        assertThat(channel.read()).isEqualTo(new Frame.GoAway(later));
        assertThat(channel.read()).isEqualTo(new Frame.Ack(1));
    }

    @Test
    void abortWakesTheReader() throws Exception {
        Thread aborting = Thread.ofVirtual().name("data-abort").start(channel::abort);

        assertThatThrownBy(() -> channel.read()).isInstanceOf(IOException.class);
        aborting.join();
    }
}
