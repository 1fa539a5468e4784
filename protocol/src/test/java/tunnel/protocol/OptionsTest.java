package tunnel.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import tunnel.protocol.Options.Option;

class OptionsTest {
    private static final Option OPTIONAL = new Option(5, false, Bytes.NONE);
    private static final Option MANDATORY = new Option(6, true, Bytes.ofHex("01"));

    @Test
    void onlyOneToUnderstandCanBeUnknown() {
        Options options = new Options(List.of(OPTIONAL, MANDATORY));

        assertThat(options.firstUnknown()).isEqualTo(MANDATORY);
        assertThat(options.firstUnknown(5)).isEqualTo(MANDATORY);
        assertThat(options.firstUnknown(6)).isNull();
        assertThat(options.firstUnknown(5, 6, 7)).isNull();
        assertThat(Options.NONE.firstUnknown()).isNull();
    }

    @Test
    void theFirstOfATypeCounts() {
        Options options = Options.NONE.with(5, Bytes.ofHex("01")).with(5, Bytes.ofHex("02"));

        assertThat(options.get(5)).isEqualTo(Bytes.ofHex("01"));
        assertThat(options.get(4)).isNull();
    }

    @Test
    void whatIsAddedMayBePassedOver() {
        assertThat(Options.NONE.with(5, Bytes.NONE).list()).containsExactly(OPTIONAL);
        assertThat(Options.NONE.list()).isEmpty();
    }

    @Test
    void aTypeHas15Bits() {
        assertThat(new Option(0x7FFF, true, Bytes.NONE).type()).isEqualTo(0x7FFF);
        assertThatThrownBy(() -> new Option(0x8000, false, Bytes.NONE)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Option(-1, false, Bytes.NONE)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Option(1, false, Bytes.random(0x10000))).isInstanceOf(IllegalArgumentException.class);
    }
}
