package tunnel.server.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PortRangeTest {
    @Test
    void readsWhatItWrites() {
        assertThat(PortRange.parse("20000-20999")).isEqualTo(new PortRange(20000, 20999)).hasToString("20000-20999");
        assertThat(PortRange.parse("8080")).isEqualTo(new PortRange(8080, 8080));
    }

    @Test
    void holdsBothItsEnds() {
        PortRange range = new PortRange(10, 12);

        assertThat(range.contains(9)).isFalse();
        assertThat(range.contains(10)).isTrue();
        assertThat(range.contains(12)).isTrue();
        assertThat(range.contains(13)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a-b", "1-", "-1", "1-2-3", "20999-20000", "0-10", "1-65536", "1 - 2", "123456"})
    void whatIsNoRangeIsRefusedWithASentence(String text) {
        assertThatThrownBy(() -> PortRange.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'" + text + "' is not a range of ports: write FIRST-LAST, as in 20000-20999");
    }
}
