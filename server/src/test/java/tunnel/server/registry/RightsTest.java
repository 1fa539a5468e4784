package tunnel.server.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RightsTest {
    private static Rights names(String... globs) {
        return new Rights(List.of(globs), List.of(), List.of());
    }

    private static Rights hosts(String... hosts) {
        return new Rights(List.of(), List.of(hosts), List.of());
    }

    @ParameterizedTest
    @CsvSource({
        "shop, shop, true",
        "shop, shop-1, false",
        "shop, my-shop, false",
        "Shop, shop, true",
        "shop-*, shop-1, true",
        "shop-*, shop-, true",
        "shop-*, shop, false",
        "*-shop, my-shop, true",
        "*-shop, my-shop-1, false",
        "a*b*c, abc, true",
        "a*b*c, a-b-b-c, true",
        "a*b*c, acb, false",
        "*, anything, true",
        "**, a, true"
    })
    void aGlobStandsForNames(String glob, String name, boolean allowed) {
        assertThat(names(glob).allowsName(name)).isEqualTo(allowed);
    }

    @Test
    void noGlobTakesLong() {
        Rights hard = names("*a".repeat(31) + "b");
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(10), () -> assertThat(hard.allowsName("a".repeat(63))).isFalse());
    }

    @ParameterizedTest
    @CsvSource({
        "www.example.org, www.example.org, true",
        "www.example.org, example.org, false",
        "www.example.org, a.www.example.org, false",
        "*.example.org, www.example.org, true",
        "*.example.org, a.b.example.org, true",
        "*.example.org, example.org, false",
        "*.example.org, badexample.org, false",
        "*, example.com, true"
    })
    void aHostIsExactOrAllBelowOne(String pattern, String host, boolean allowed) {
        assertThat(hosts(pattern).allowsHost(host)).isEqualTo(allowed);
    }

    @Test
    void whatIsNotListedIsNotAllowedButTheServerMayGiveAnyPort() {
        assertThat(Rights.NONE.allowsName("shop")).isFalse();
        assertThat(Rights.NONE.allowsHost("example.org")).isFalse();
        assertThat(Rights.NONE.allowsPort(20_000)).isFalse();
        assertThat(Rights.NONE.mayBeGiven(20_000)).isTrue();
    }

    @Test
    void listedPortsLimitBothThoseAskedForAndThoseGiven() {
        Rights rights = new Rights(List.of(), List.of(), List.of(PortRange.parse("20000-20010"), PortRange.parse("20500")));
        for (int port : List.of(20_000, 20_010, 20_500)) {
            assertThat(rights.allowsPort(port)).isTrue();
            assertThat(rights.mayBeGiven(port)).isTrue();
        }
        for (int port : List.of(19_999, 20_011, 20_499, 20_501)) {
            assertThat(rights.allowsPort(port)).isFalse();
            assertThat(rights.mayBeGiven(port)).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-a", "a.b", "a b", "ü", "?", "[ab]"})
    void whatIsNoNameIsRefusedWithASentence(String text) {
        assertThatThrownBy(() -> names(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'" + text + "' is not a name or a pattern of names: write it as in shop or shop-*");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "*.", "a.*.b", "127.0.0.1", "*example.org"})
    void whatIsNoHostIsRefusedWithASentence(String text) {
        assertThatThrownBy(() -> hosts(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not a host name: write it as in www.example.org");
    }
}
