package tunnel.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class BytesTest {
    @Test
    void nobodyElseCanChangeThem() {
        byte[] mine = {1, 2, 3};
        Bytes bytes = Bytes.of(mine);
        mine[0] = 9;
        bytes.toArray()[1] = 9;

        assertThat(bytes.hex()).isEqualTo("010203");
    }

    @Test
    void areEqualByValue() {
        assertThat(Bytes.ofHex("0102")).isEqualTo(Bytes.of((byte) 1, (byte) 2)).hasSameHashCodeAs(Bytes.ofHex("0102"));
        assertThat(Bytes.ofHex("0102")).isNotEqualTo(Bytes.ofHex("0103")).isNotEqualTo(Bytes.ofHex("010200"));
        assertThat(Bytes.random(16)).isNotEqualTo(Bytes.random(16));
    }

    @Test
    void areNeverPrinted() {
        assertThat(Bytes.ofHex("c0ffee")).hasToString("3 bytes");
        assertThat(new Frame.Challenge(Bytes.ofHex("c0ffee"))).hasToString("Challenge[nonce=3 bytes]");
    }

    @Test
    void exclusiveOrNeedsOneLength() {
        assertThat(Bytes.ofHex("0ff0").xor(Bytes.ofHex("ffff"))).isEqualTo(Bytes.ofHex("f00f"));
        assertThatThrownBy(() -> Bytes.ofHex("00").xor(Bytes.NONE)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void onlyHexadecimalIsRead() {
        assertThatThrownBy(() -> Bytes.ofHex("0g")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Bytes.ofHex("012")).isInstanceOf(IllegalArgumentException.class);
    }
}
