package tunnel.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
    private static final String RULE =
            " is not a name: write 1 to 63 letters a to z, digits and hyphens, with no hyphen first or last";

    @Test
    void areKeptInLowerCase() {
        assertThat(Names.check("Blue-Otter")).isEqualTo("blue-otter");
        assertThat(Names.check("a")).isEqualTo("a");
        assertThat(Names.check("7")).isEqualTo("7");
        assertThat(Names.check("a--b")).isEqualTo("a--b");
        assertThat(Names.check("x".repeat(63))).hasSize(63);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-a", "a-", "-", "a.b", "a b", "a_b", "grün", "a\n", "*", "İ"})
    void whatIsNoDnsLabelIsRefused(String name) {
        assertThatThrownBy(() -> Names.check(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'" + name + "'" + RULE);
    }

    @Test
    void oneThatIsTooLongIsNotRepeatedWhole() {
        assertThatThrownBy(() -> Names.check("x".repeat(64)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'" + "x".repeat(64) + "'" + RULE);
        assertThatThrownBy(() -> Names.check("x".repeat(16_000)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'" + "x".repeat(64) + "…'" + RULE);
    }

    @RepeatedTest(200)
    void thoseMadeUpAreNames() {
        String friendly = Names.random();
        String longer = Names.longRandom();

        assertThat(friendly).matches("[a-z]+-[a-z]+").isEqualTo(Names.check(friendly));
        assertThat(longer).matches("[a-z]+-[a-z]+-[0-9]{4}").isEqualTo(Names.check(longer));
    }
}
