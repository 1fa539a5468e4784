package tunnel.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostTest {
    @ParameterizedTest
    @CsvSource({
        "a, a, 0",
        "A.Example, a.example, 0",
        "a.example., a.example, 0",
        "a.example.:80, a.example, 80",
        "a:65535, a, 65535",
        "a_b-c, a_b-c, 0",
        "1.2.3.4:1, 1.2.3.4, 1",
        "[::1], [::1], 0",
        "[2001:DB8::1]:8080, [2001:db8::1], 8080",
        "[::ffff:1.2.3.4], [::ffff:1.2.3.4], 0"
    })
    void hostAndPortAreRead(String text, String name, int port) {
        assertThat(Host.parse(text)).isEqualTo(new Host(name, port));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", ".", "a..b", ".a", "a..", ":80", "a:", "a:0", "a:65536", "a:123456", "a:+80", "a:8 0", "a:80:80", "a b", "a,b",
                "u@a", "u:p@a", "a/b", "a?b", "a#b", "a\\b", "a%41", "a*", "\u00e9", "[", "[]", "[::1", "::1", "[::1]x", "[::1]:",
                "[::1%lo]", "[1.2.3.4]", "[g::1]", "[:::1]", "[v1.a]", "a[::1]", "\"a\"", "a;b", "a=b", "a&b", "a\tb", "http://a"
            })
    void anythingElseIsNone(String text) {
        assertThat(Host.parse(text)).isNull();
    }
}
