package tunnel.screen;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordsTest {
    @ParameterizedTest
    @CsvSource({
        "0,0 B", "999,999 B", "1000,1.0 K", "1434,1.4 K", "10240,10 K", "1048576,1.0 M", "1022975,999 K", "9223372036854775807,8192 P"
    })
    void bytesTakeFewCells(long bytes, String words) {
        assertThat(Words.bytes(bytes)).isEqualTo(words);
    }

    @ParameterizedTest
    @CsvSource({
        "0,0.0 ms", "412,0.4 ms", "9949,9.9 ms", "12345,12 ms", "999499,999 ms", "999500,1.0 s", "12345678,12 s", "99600000,1 min"
    })
    void timesTakeFewCells(long micros, String words) {
        assertThat(Words.micros(micros)).isEqualTo(words);
    }

    @ParameterizedTest
    @CsvSource({"-5,0 s", "59,59 s", "60,1 min", "3599,59 min", "3600,1 h", "7500,2 h 5 min", "172800,2 d"})
    void agesHaveSecondsOnlyInTheFirstMinute(long seconds, String words) {
        assertThat(Words.age(Duration.ofSeconds(seconds))).isEqualTo(words);
    }

    @Test
    void windowsThatDoNotKnowTheirSizeHaveTheUsualOne() {
        assertThat(Size.parse("50 200")).isEqualTo(new Size(200, 50));
        assertThat(Size.parse("0 0")).isEqualTo(Size.USUAL);
        assertThat(Size.parse("")).isEqualTo(Size.USUAL);
        assertThat(Size.parse("99999 99999")).isEqualTo(new Size(1000, 1000));
    }
}
