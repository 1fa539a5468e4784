package tunnel.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class ParsingTest {
    @Test
    void aPortIsANumberUpTo65535() {
        assertThat(new PortParsing().convert("0")).isZero();
        assertThat(new PortParsing().convert("65535")).isEqualTo(65535);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "65536", "99999", "123456", "7 ", "+7", "http", "٧"})
    void whatIsNoPortIsRefusedWithASentence(String text) {
        assertThatThrownBy(() -> new PortParsing().convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessage("'" + text + "' is not a port: write 1 to 65535, or 0 for any");
    }

    @Test
    void plainIsForLoopbackUnlessItIsCalledInsecure() {
        assertThat(new PlainMode.Value().convert("")).isEqualTo(PlainMode.LOOPBACK);
        assertThat(new PlainMode.Value().convert("insecure")).isEqualTo(PlainMode.INSECURE);
        assertThatThrownBy(() -> new PlainMode.Value().convert("yes"))
                .isInstanceOf(TypeConversionException.class)
                .hasMessage("'yes' is not a mode: write --plain on loopback, or --plain=insecure");
    }

    @Test
    void aLifetimeIsANumberOfSecondsMinutesHoursOrDays() {
        assertThat(Amounts.lifetime("30d")).isEqualTo(Duration.ofDays(30));
        assertThat(Amounts.lifetime("12H")).isEqualTo(Duration.ofHours(12));
        assertThat(Amounts.lifetime("90m")).isEqualTo(Duration.ofMinutes(90));
        assertThat(Amounts.lifetime("5s")).isEqualTo(Duration.ofSeconds(5));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0d", "30", "d", "-1d", "1.5h", "1w", "123456d", "1 d"})
    void whatIsNoLifetimeIsRefusedWithASentence(String text) {
        assertThatThrownBy(() -> Amounts.lifetime(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'" + text + "' is not a lifetime: write it as in 30d, 12h or 90m");
    }
}
