package tunnel.protocol;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Each row: type, payload in hexadecimal, and what the log is to say of it.
class MalformedFramesTest {
    private static final String ID = "00".repeat(16);
    private static final String KEY = "00".repeat(32);

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            nullValues = "-",
            textBlock =
                    """
                    # too short, too long
                    07, "",                                  frame of type 0x07 is too short
                    07, 000000,                              frame of type 0x07 is too short
                    07, 0000000100,                          Ack has 1 bytes too many
                    16, 00000000000011,                      frame of type 0x16 is too short
                    15, "",                                  Data is empty
                    # tunnel ids and stream numbers are positive
                    07, 00000000,                            tunnel must not be 0
                    08, 00000000,                            tunnel must not be 0
                    09, ffffffff,                            tunnel -1 is out of range
                    04, 80000000 0001 0000,                  tunnel -2147483648 is out of range
                    0a, ffffffff,                            target -1 is out of range
                    12, 0000000000000000,                    stream number 0 is out of range
                    13, ffffffffffffffff,                    stream number -1 is out of range
                    17, 0000000000000000,                    stream number 0 is out of range
                    11, 0000000000000000 00000001 04 7f000001 0050 0000, stream number 0 is out of range
                    11, 0000000000000001 00000000 04 7f000001 0050 0000, tunnel must not be 0
                    # addresses have 4 or 16 bytes
                    11, 0000000000000001 00000001 05 7f00000100 0050 0000, an address of 5 bytes
                    11, 0000000000000001 00000001 00 0050 0000, an address of 0 bytes
                    11, 0000000000000001 00000001 ff 0050 0000, an address of 255 bytes
                    # strings
                    0d, 0001 ff,                             a string is not UTF-8
                    0d, 0002 c080,                           a string is not UTF-8
                    0d, 0003 eda080,                         a string is not UTF-8
                    0d, 0002 41,                             a field of 2 bytes runs over the end of its frame
                    0d, ffff,                                a field of 65535 bytes runs over the end of its frame
                    # options
                    05, 00000001 0001 0000 0000 0004 0001 0001, a field of 1 bytes runs over the end of its frame
                    05, 00000001 0001 0000 0000 0001 00,     frame of type 0x05 is too short
                    05, 00000001 0001 0000 0000 0004 0001 0001 ff, an option runs over the end of its list
                    05, 00000001 0001 0000 0000 ffff 0001 0000, frame of type 0x05 is too short
                    05, 00000001 0001 0000 0000 0000 00,     Bind has 1 bytes too many
                    # protocols, lists
                    05, 00000001 0003 0000 0000 0000,        Bind asks for unknown protocol 3
                    06, 00000001 0000 ffff 0000,             frame of type 0x06 is too short
                    # types that nobody knows
                    00, "",                                  unknown frame type 0x00
                    0f, "",                                  unknown frame type 0x0f
                    18, 00,                                  unknown frame type 0x18
                    7f, "",                                  unknown frame type 0x7f
                    """)
    void isRefused(String type, String payload, String message) {
        assertRefused(type, payload, message);
    }

    @Test
    void aFirstFrameOfSomethingElseIsRefusedByItsMagic() {
        assertRefused("02", "47455420" + "2f204854" + "54502f31", "the magic is wrong: not a tunnel client");
        assertRefused("10", "54554e4d" + "00010001" + ID + "0000" + KEY, "the magic is wrong: not a tunnel client");
    }

    @Test
    void aVersionRangeIsNotEmptyAndBeginsAt1() {
        assertRefused("02", "54554e4c" + "00000001", "frame of type 0x02: not a version range: 0 to 1");
        assertRefused("02", "54554e4c" + "00020001", "frame of type 0x02: not a version range: 2 to 1");
    }

    @Test
    void aServerChoosesAVersionAndAHeartbeat() {
        assertRefused("03", "0000" + ID + "0000" + "0000" + "00001388" + "0000", "version must not be 0");
        assertRefused("03", "0001" + ID + "0000" + "0000" + "00000000" + "0000", "heartbeat must not be 0");
        assertRefused("03", "0001" + ID + "0000" + "0000" + "ffffffff" + "0000", "heartbeat -1 is out of range");
    }

    /// The rest of the frame may be laid out in any way then, so it is not looked at.
    @Test
    void aVersionMismatchNamesBothRangesAndLooksNoFurther() {
        assertThatThrownBy(() -> decode("02", "54554e4c" + "00020003" + "ff"))
                .isInstanceOf(VersionMismatch.class)
                .hasMessage("no protocol version in common: the server speaks version 1, the client versions 2 to 3");
        assertThatThrownBy(() -> decode("10", "54554e4c" + "00070007"))
                .isInstanceOf(VersionMismatch.class)
                .hasMessage("no protocol version in common: the server speaks version 1, the client version 7");
    }

    private static void assertRefused(String type, String payload, String message) {
        assertThatThrownBy(() -> decode(type, payload)).isInstanceOf(ProtocolException.class).hasMessage(message);
    }

    private static void decode(String type, String payload) throws Exception {
        byte[] bytes = HexFormat.of().parseHex(payload.replace(" ", ""));
        var _ = Codec.decode(Integer.parseInt(type, 16), ByteBuffer.wrap(bytes));
    }
}
