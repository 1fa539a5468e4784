package tunnel.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeysTest {
    @Test
    void keysAreTheOptionsWithoutThoseForHelp() {
        assertThat(Sample.keys().options().keySet())
                .containsExactlyInAnyOrder("http-port", "domain", "bind", "header", "plain", "verbose", "state-dir");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "http-port = [1] | 1:1: http-port has one value: write it without brackets",
        "http-port = true | 1:1: http-port: true is not a value here: write \"PORT\"",
        "http-port = 1.5 | 1:1: http-port: a number with a point is not a value here: write \"PORT\"",
        "http-port = 1979-05-27 | 1:1: http-port: a date or time is not a value here: write \"PORT\"",
        "http-port = -1 | 1:1: http-port: '-1' is not a port: write 1 to 65535, or 0 for any",
        "http-port = '' | 1:1: http-port: '' is not a port: write 1 to 65535, or 0 for any",
        "bind = ['a', true] | 1:14: bind: true is not a value here: write [\"ADDRESS\"]",
        "bind = ['a', ['b']] | 1:14: bind: a list in a list is not a value here: write [\"ADDRESS\"]",
        "header = [{ a = 1 }] | 1:11: header: a table is not a value here: write [\"NAME: VALUE\"]",
        "verbose = 1 | 1:1: verbose: write true or false, without quotes",
        "verbose = 'true' | 1:1: verbose: write true or false, without quotes",
        "plain = 'yes' | 1:1: plain: 'yes' is not a mode: write plain on loopback, or plain = \"insecure\"",
        "state-dir = '' | 1:1: state-dir: it is empty, as an unset variable is: write a path",
    })
    void aValueOfTheWrongTypeIsToldWithItsPlaceAndWhatToWrite(String line, String problem) {
        List<Problem> problems = new ArrayList<>();
        ConfigFile file = Sample.file(line);

        assertThat(Sample.keys().arguments(file.top().settings().getFirst(), file, problems)).isNull();
        assertThat(problems).singleElement().hasToString("/etc/x/sample.toml:" + problem);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', nullValues = "good", value = {
        "http-port | good",
        "htttp-port | unknown key 'htttp-port'. Did you mean http-port?",
        "http_port | unknown key 'http_port'. Did you mean http-port?",
        "frobnicate | unknown key 'frobnicate'",
        "local | 'local' belongs below",
        "locla | unknown key 'locla'. Did you mean local? It belongs below",
        "config | unknown key 'config'",
    })
    void anUnknownKeyIsToldWithTheNearestOne(String key, String message) {
        assertThat(Sample.keys().unknown(key, Set.of("local"), "below")).isEqualTo(message);
    }
}
