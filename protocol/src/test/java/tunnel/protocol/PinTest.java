package tunnel.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PublicKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PinTest {
    @Test
    void isTheHashOfTheKeyAsCertificatesHoldIt() throws Exception {
        PublicKey key = KeyPairGenerator.getInstance("EC").generateKeyPair().getPublic();
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getEncoded());

        assertThat(Pin.of(key)).isEqualTo(new Pin(Bytes.of(hash)));
        assertThat(Pin.parse(Pin.of(key).toString())).isEqualTo(Pin.of(key));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "gIGCg4SFhoeIiYqLjI2Oj5CRkpOUlZaXmJmam5ydnp8",
                "sha256:",
                "SHA256:gIGCg4SFhoeIiYqLjI2Oj5CRkpOUlZaXmJmam5ydnp8",
                "sha256:gIGCg4SFhoeIiYqLjI2Oj5CRkpOUlZaXmJmam5ydnp8=",
                "sha256:gIGCg4SFhoeIiYqLjI2Oj5CRkpOUlZaXmJmam5ydnp9",
                "sha256:gIGCg4SFhoeIiYqLjI2Oj5CRkpOUlZaXmJmam5ydng",
                "sha256:gIGCg4SFhoeIiYqLjI2Oj5CRkpOUlZaXmJmam5ydnp8gIA",
                "sha256:~"
            })
    void nothingElseIsRead(String text) {
        assertThatThrownBy(() -> Pin.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the pin is not 'sha256:' and 43 letters, digits, '-' and '_'; was it copied whole?");
    }
}
