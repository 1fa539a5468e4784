package tunnel.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tunnel.net.HostPort;

class JoinStringTest {
    private static final String TOKEN = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
    private static final String PIN = "sha256:gIGCg4SFhoeIiYqLjI2Oj5CRkpOUlZaXmJmam5ydnp8";
    private static final String TEXT = "tunnel://" + TOKEN + "@tunnel.example.com:7000?pin=" + PIN;
    private static final String LOOKS_LIKE = "a join string looks like tunnel://TOKEN@HOST:7000?pin=sha256:…";

    @Test
    void readsWhatItWrites() {
        JoinString join = JoinString.parse(TEXT);

        assertThat(join.token()).isEqualTo(Examples.TOKEN);
        assertThat(join.server()).isEqualTo(new HostPort("tunnel.example.com", 7000));
        assertThat(join.pin()).isEqualTo(new Pin(Examples.EXPORTER));
        assertThat(join.text()).isEqualTo(TEXT);
        assertThat(JoinString.parse("\t " + TEXT + "\r\n")).isEqualTo(join);
    }

    @Test
    void thePortMayBeLeftOut() {
        assertThat(JoinString.parse(TEXT.replace(":7000", "")).server().port()).isEqualTo(7000);
        assertThat(JoinString.parse(TEXT.replace("tunnel.example.com:7000", "[2001:db8::1]:7")).server())
                .isEqualTo(new HostPort("2001:db8::1", 7));
    }

    @Test
    void theAddressCanBeReplaced() {
        JoinString join = JoinString.parse(TEXT);

        assertThat(join.at(null)).isSameAs(join);
        assertThat(join.at(new HostPort("127.0.0.1", 7001)).text())
                .isEqualTo(TEXT.replace("tunnel.example.com:7000", "127.0.0.1:7001"));
    }

    @Test
    void itsTextForLogsHasNoToken() {
        assertThat(JoinString.parse(TEXT)).hasToString("tunnel://…@tunnel.example.com:7000?pin=" + PIN);
    }

    @Test
    void saysWhatIsWrong() {
        assertRefused("http://x", "a join string begins with tunnel://; was it copied whole?");
        assertRefused("", "a join string begins with tunnel://; was it copied whole?");
        assertRefused("tunnel://" + TOKEN, LOOKS_LIKE);
        assertRefused("tunnel://" + TOKEN + "@host:7000", LOOKS_LIKE);
        assertRefused("tunnel://host?pin=" + PIN + "@" + TOKEN, LOOKS_LIKE);
        assertRefused(
                "tunnel://short@host:7000?pin=" + PIN,
                "the token is not 43 letters, digits, '-' and '_'; was it copied whole?");
        assertRefused(
                TEXT.replace(":7000", ":70000"), "port 70000 is not between 1 and 65535");
        assertRefused(
                TEXT.replace("tunnel.example.com", "a b"),
                "'a b' is not a host name or address. Write HOST:PORT, as in localhost:4000 or [::1]:4000");
        assertRefused(TEXT + "x", "the pin is not 'sha256:' and 43 letters, digits, '-' and '_'; was it copied whole?");
        assertRefused(
                TEXT.replace("sha256:", "sha1:"), "the pin is not 'sha256:' and 43 letters, digits, '-' and '_'; was it copied whole?");
    }

    private static void assertRefused(String text, String message) {
        assertThatThrownBy(() -> JoinString.parse(text)).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }

    /// What people paste in haste.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "tunnel://TOKEN",
                "tunnel://TOKEN@",
                "tunnel://TOKEN@host:7000?pin=TOKEN",
                "tunnel://TOKEN@tunnel://TOKEN@host:7000?pin=PIN",
                "tunnel://TOKEN@host:7000@TOKEN?pin=PIN",
                "tunnel://TOKENx@host:7000?pin=PIN",
                "tunnel:// TOKEN@host:7000?pin=PIN",
                "tunnel://TOKEN@host:x?pin=PIN",
                "tunnel://TOKEN@:7000?pin=PIN",
                "TOKEN@host:7000?pin=PIN"
            })
    void noComplaintShowsTheToken(String typed) {
        String text = typed.replace("TOKEN", TOKEN).replace("PIN", PIN);

        assertThatThrownBy(() -> JoinString.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasNoCause()
                .hasMessageNotContaining(TOKEN);
    }
}
