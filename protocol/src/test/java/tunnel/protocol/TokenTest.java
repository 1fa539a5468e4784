package tunnel.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenTest {
    private static final String SENTENCE = "the token is not 43 letters, digits, '-' and '_'; was it copied whole?";

    @Test
    void readsWhatItWrites() {
        Token token = Token.random();

        assertThat(token.text()).matches("[A-Za-z0-9_-]{43}");
        assertThat(Token.parse(token.text())).isEqualTo(token);
        assertThat(Token.random()).isNotEqualTo(token);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh", // 42
                "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8A", // 44
                "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", // padded
                "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9", // a bit set that no byte holds
                "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdH+8", // the other alphabet
                " AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
            })
    void whatIsNotATokenIsRefusedWithoutShowingIt(String text) {
        assertThatThrownBy(() -> Token.parse(text)).isInstanceOf(IllegalArgumentException.class).satisfies(e -> {
            StringWriter trace = new StringWriter();
            e.printStackTrace(new PrintWriter(trace));
            Assertions.assertThat(e).hasMessage(SENTENCE);
            if (!text.isEmpty()) {
                Assertions.assertThat(trace.toString()).doesNotContain(text.strip());
            }
        });
    }

    @Test
    void has32Bytes() {
        assertThatThrownBy(() -> new Token(Bytes.random(31)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a token has 32 bytes");
    }

    @Test
    void neitherTheTokenNorItsStoredKeyPrintASecret() {
        Token token = Examples.TOKEN;

        assertThat(token).hasToString("token 9cdea4b36fcbc0d28d00a22e460b6d37");
        assertThat(token.storedKey().toString())
                .doesNotContain(token.storedKey().key().hex())
                .doesNotContain(token.secret().hex());
        assertThat(token.secret()).hasToString("32 bytes");
    }

    @Test
    void derivesItsIdAndKeysAsThePageSays() {
        assertThat(Examples.TOKEN.text()).isEqualTo("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8");
        assertThat(Examples.TOKEN.id().hex()).isEqualTo("9cdea4b36fcbc0d28d00a22e460b6d37");
        assertThat(Examples.TOKEN.clientKey().hex())
                .isEqualTo("0e68fc264c9b3199144f02d79f049969712c8b05f904883d44fd2debd5d98756");
        assertThat(Examples.TOKEN.storedKey().key().hex())
                .isEqualTo("d02250716e4146c09aea8c4092bd5fffce275a1f33ee565c581a247660da339b");
    }

    @Test
    void aDummyKeyIsLikeNoOther() {
        StoredKey dummy = StoredKey.dummy();

        assertThat(dummy.id().length()).isEqualTo(16);
        assertThat(dummy.key().length()).isEqualTo(32);
        assertThat(dummy).isNotEqualTo(StoredKey.dummy());
    }
}
