package tunnel.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalWaitTest {
    private static Options option(String hex) {
        return new Options(List.of(new Options.Option(12, false, Bytes.ofHex(hex))));
    }

    @Test
    void comesBackAsItWasSentAndNeedNotBeUnderstood() {
        Options sent = LocalWait.encode(Duration.ofSeconds(10), Options.NONE);

        assertThat(sent).isEqualTo(option("00002710"));
        assertThat(LocalWait.decode(sent)).isEqualTo(Duration.ofSeconds(10));
        assertThat(sent.firstUnknown()).isNull();
    }

    @Test
    void noneIsNotSent() {
        assertThat(LocalWait.encode(Duration.ZERO, Options.NONE)).isEqualTo(Options.NONE);
        assertThat(LocalWait.decode(Options.NONE)).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2710", "0000002710", "00000000", "0000ea61", "ffffffff"})
    void whatIsNoTimeOrTooLongIsRefused(String hex) {
        assertThatThrownBy(() -> LocalWait.decode(option(hex))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theLongestPasses() {
        assertThat(LocalWait.decode(option("0000ea60"))).isEqualTo(LocalWait.LONGEST);
    }
}
