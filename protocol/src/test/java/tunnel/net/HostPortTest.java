package tunnel.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostPortTest {
    private static final String FORMS = ". Write HOST:PORT, as in localhost:4000 or [::1]:4000";

    @ParameterizedTest
    @CsvSource({
        "localhost:4000,    localhost,   4000",
        "192.0.2.7:80,      192.0.2.7,   80",
        "[2001:db8::1]:80,  2001:db8::1, 80",
        "a_b.example:65535, a_b.example, 65535"
    })
    void readsHostAndPort(String text, String host, int port) {
        HostPort read = HostPort.parse(text, null, 0);

        assertThat(read).isEqualTo(new HostPort(host, port));
        assertThat(read).hasToString(text);
    }

    @Test
    void takesWhatIsMissingFromTheDefaults() {
        assertThat(HostPort.parse("4000", "localhost", 0)).isEqualTo(new HostPort("localhost", 4000));
        assertThat(HostPort.parse("example.com", null, 7000)).isEqualTo(new HostPort("example.com", 7000));
        assertThat(HostPort.parse("[::1]", null, 7000)).isEqualTo(new HostPort("::1", 7000));
        assertThat(HostPort.parse("4000", null, 7000)).isEqualTo(new HostPort("4000", 7000));
    }

    @Test
    void saysWhatIsWrong() {
        assertRefused("localhost", "'localhost' has no port" + FORMS);
        assertRefused("", "'' has no port" + FORMS);
        assertRefused("[::1]", "'[::1]' has no port" + FORMS);
        assertRefused("::1", "'::1': an IPv6 address needs brackets" + FORMS);
        assertRefused("2001:db8::1:80", "'2001:db8::1:80': an IPv6 address needs brackets" + FORMS);
        assertRefused(":4000", "'' is not a host name or address" + FORMS);
        assertRefused("[]:4000", "'' is not a host name or address" + FORMS);
        assertRefused("a b:4000", "'a b' is not a host name or address" + FORMS);
        assertRefused("http://localhost:4000", "'http://localhost:4000' is a URL" + FORMS);
        assertRefused("localhost/x:4000", "'localhost/x' is not a host name or address" + FORMS);
        assertRefused("grün:4000", "'grün' is not a host name or address" + FORMS);
        assertRefused("localhost:", "'' is not a port number");
        assertRefused("localhost:http", "'http' is not a port number");
        assertRefused("localhost:-1", "'-1' is not a port number");
        assertRefused("localhost:12345678901", "'12345678901' is not a port number");
        assertRefused("localhost:0", "port 0 is not between 1 and 65535");
        assertRefused("localhost:65536", "port 65536 is not between 1 and 65535");
    }

    private static void assertRefused(String text, String message) {
        assertThatThrownBy(() -> HostPort.parse(text, null, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}
