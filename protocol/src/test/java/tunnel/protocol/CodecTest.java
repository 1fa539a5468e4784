package tunnel.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;
import tunnel.net.PeerFault;
import tunnel.protocol.Examples.Example;

class CodecTest {
    static final List<Example> EXAMPLES = Examples.ALL;

    @Test
    void everyFrameHasAnExample() {
        assertThat(Arrays.stream(Frame.class.getPermittedSubclasses()).map(Class::getSimpleName))
                .isSubsetOf(Examples.ALL.stream().map(one -> one.frame().getClass().getSimpleName()).toList());
    }

    @ParameterizedTest
    @FieldSource("EXAMPLES")
    void encodesToItsBytes(Example example) {
        assertThat(encode(example.frame())).isEqualTo(example.hex());
    }

    @ParameterizedTest
    @FieldSource("EXAMPLES")
    void decodesToWhatEncodesToTheSameBytes(Example example) throws PeerFault {
        Frame decoded = decode(example.hex());

        assertThat(decoded).isEqualTo(example.frame());
        assertThat(encode(decoded)).isEqualTo(example.hex());
    }

    /// A payload cut anywhere is refused, not read past.
    @ParameterizedTest
    @FieldSource("EXAMPLES")
    void noPartOfAFrameIsTakenForTheWhole(Example example) {
        byte[] bytes = HexFormat.of().parseHex(example.hex());
        if (example.frame() instanceof Frame.Data) {
            return; // its payload is any bytes
        }
        for (int length = 0; length < bytes.length - Codec.HEADER; length++) {
            ByteBuffer part = ByteBuffer.wrap(bytes, Codec.HEADER, length);
            assertThatThrownBy(() -> Codec.decode(bytes[0], part)).isInstanceOf(ProtocolException.class);
        }
    }

    @ParameterizedTest
    @FieldSource("EXAMPLES")
    void oneByteTooManyIsRefused(Example example) {
        byte[] bytes = HexFormat.of().parseHex(example.hex() + "00");
        if (example.frame() instanceof Frame.Data) {
            return;
        }
        ByteBuffer payload = ByteBuffer.wrap(bytes, Codec.HEADER, bytes.length - Codec.HEADER);

        assertThatThrownBy(() -> Codec.decode(bytes[0], payload))
                .isInstanceOf(ProtocolException.class)
                .hasMessage(example.frame().getClass().getSimpleName() + " has 1 bytes too many");
    }

    @ParameterizedTest
    @ValueSource(ints = {0x80, 0xAB, 0xFF})
    void anUnknownOptionalTypeIsSkippedWhole(int type) throws PeerFault {
        ByteBuffer payload = ByteBuffer.wrap(new byte[] {1, 2, 3});

        assertThat(Codec.decode(type, payload)).isNull();
        assertThat(payload.hasRemaining()).isFalse();
    }

    @Test
    void codesOfLaterVersionsReadAsOther() throws PeerFault {
        assertThat(decode("04" + "000009" + "00000001" + "7fff" + "0001" + "78"))
                .isEqualTo(new Frame.Reject(1, RejectCode.OTHER, "x"));
        assertThat(decode("14" + "00000d" + "0000000000000011" + "7fff" + "0001" + "78"))
                .isEqualTo(new Frame.Refused(17, RefuseReason.OTHER, "x"));
        assertThat(decode("0e" + "000005" + "7fff" + "0001" + "78")).isEqualTo(new Frame.Close(CloseCode.OTHER, "x"));
    }

    @Test
    void codesKeepTheirNumbers() {
        assertThat(numbers(RejectCode.values()))
                .containsExactly(
                        "OTHER 0", "UNAUTHORIZED 1", "VERSION 2", "PROTOCOL 3", "BUSY 4", "UNSUPPORTED 5",
                        "TOKEN_EXPIRED 6", "NAME_TAKEN 16", "NAME_INVALID 17", "PORT_TAKEN 18", "PORT_NOT_ALLOWED 19", "NO_PORT_LEFT 20", "HOST_TAKEN 21",
                        "HOST_NOT_ALLOWED 22", "NAME_NOT_ALLOWED 24", "SURPLUS 32");
        assertThat(numbers(RefuseReason.values()))
                .containsExactly(
                        "OTHER 0", "LOCAL_UNREACHABLE 1", "LOCAL_TIMEOUT 2", "NO_TUNNEL 3", "REPEATED 4", "UNSUPPORTED 5",
                        "BUSY 6");
        assertThat(numbers(CloseCode.values()))
                .containsExactly("OTHER 0", "LEAVING 1", "SHUTDOWN 2", "SUPERSEDED 3", "TIMEOUT 4", "PROTOCOL 5",
                        "REVOKED 6");
        assertThat(numbers(TunnelProtocol.values())).containsExactly("HTTP 1", "TCP 2");
    }

    private static Stream<String> numbers(Coded... codes) {
        return Arrays.stream(codes).map(code -> code + " " + code.code());
    }

    @Test
    void beingSupersededOrRevokedIsFinal() {
        assertThat(CloseCode.values()).filteredOn(CloseCode::isFinal).containsExactly(CloseCode.SUPERSEDED, CloseCode.REVOKED);
    }

    @Test
    void encodingDataLeavesItsPayloadAsItWas() {
        ByteBuffer payload = ByteBuffer.wrap(new byte[5]).position(2);

        assertThat(encode(new Frame.Data(payload))).isEqualTo("15000003" + "000000");
        assertThat(payload.remaining()).isEqualTo(3);
    }

    @Test
    void aFrameThatDoesNotFitIsNotCutShort() {
        ByteBuffer small = ByteBuffer.allocate(8);

        assertThatThrownBy(() -> Codec.encode(new Frame.Ping(1), small)).isInstanceOf(BufferOverflowException.class);
    }

    @Test
    void stringsAreUtf8() throws PeerFault {
        Frame frame = new Frame.GoAway("grün 🦦");

        assertThat(encode(frame)).isEqualTo("0d00000c" + "000a" + "6772c3bc6e20f09fa6a6");
        assertThat(decode(encode(frame))).isEqualTo(frame);
    }

    private static String encode(Frame frame) {
        ByteBuffer out = ByteBuffer.allocate(Codec.HEADER + Codec.LIMIT_CONTROL);
        Codec.encode(frame, out);
        return HexFormat.of().formatHex(out.array(), 0, out.position());
    }

    private static Frame decode(String hex) throws PeerFault {
        byte[] bytes = HexFormat.of().parseHex(hex);
        ByteBuffer payload = ByteBuffer.wrap(bytes, Codec.HEADER, bytes.length - Codec.HEADER);
        return Objects.requireNonNull(Codec.decode(bytes[0], payload));
    }
}
