package tunnel.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VersionRangeTest {
    @ParameterizedTest
    @CsvSource({"1,1, 1,1, 1", "1,3, 2,5, 3", "2,5, 1,3, 3", "1,9, 4,4, 4", "1,2, 3,4, 0", "3,4, 1,2, 0", "1,65535, 65535,65535, 65535"})
    void theHighestThatBothHoldIsSpoken(int lowest, int highest, int otherLowest, int otherHighest, int common) {
        VersionRange one = new VersionRange(lowest, highest);
        VersionRange other = new VersionRange(otherLowest, otherHighest);

        assertThat(one.common(other)).isEqualTo(common);
        assertThat(other.common(one)).isEqualTo(common);
    }

    @ParameterizedTest
    @CsvSource({"0,1", "-1,1", "2,1", "1,65536"})
    void whatIsNoRangeIsRefused(int lowest, int highest) {
        assertThatThrownBy(() -> new VersionRange(lowest, highest))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("not a version range: " + lowest + " to " + highest);
    }

    @Test
    void readsWell() {
        assertThat(new VersionRange(1, 1)).hasToString("version 1");
        assertThat(new VersionRange(1, 3)).hasToString("versions 1 to 3");
    }
}
