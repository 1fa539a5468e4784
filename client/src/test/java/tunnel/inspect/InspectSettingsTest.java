package tunnel.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tunnel.inspect.InspectSettings.Address;

class InspectSettingsTest {
    @ParameterizedTest
    @CsvSource({"off, false, localhost, 4040", "OFF, false, localhost, 4040", "4041, true, localhost, 4041",
        "localhost:4041, true, localhost, 4041", "localhost, true, localhost, 4040", "127.0.0.1:80, true, 127.0.0.1, 80",
        "[::1]:4041, true, ::1, 4041", "127.0.0.1, true, 127.0.0.1, 4040"})
    void anAddressOnLoopbackIsOne(String text, boolean on, String host, int port) {
        assertThat(Address.parse(text)).isEqualTo(new Address(on, host, port));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0:4040", "192.0.2.1:4040", "[::]:4040", "example.com:4040", "128.0.0.1:1", "127.0.0.2:4040"})
    void anAddressThatOthersCanReachIsRefused(String text) {
        assertThatThrownBy(() -> Address.parse(text))
                .hasMessage("'" + text + "' is not on loopback, and what passes through your tunnels is for this machine alone:"
                        + " write off, a port, or localhost:PORT");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "65536", "http://localhost:4040", "a b", "localhost:x", "::1:4040"})
    void whatIsNoAddressIsRefused(String text) {
        assertThatThrownBy(() -> Address.parse(text))
                .hasMessage("'" + text + "' is not an address for the inspector: write off, a port, or localhost:PORT");
    }
}
