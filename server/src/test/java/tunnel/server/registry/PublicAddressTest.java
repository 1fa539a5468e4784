package tunnel.server.registry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tunnel.protocol.TunnelProtocol;

class PublicAddressTest {
    private final PublicAddress address = new PublicAddress("tunnel.example.com", 8080);

    @ParameterizedTest
    @CsvSource({
        "otter.tunnel.example.com,       otter",
        "otter.tunnel.example.com:8080,  otter",
        "otter.tunnel.example.com:,      otter",
        "Otter.Tunnel.EXAMPLE.com:1,     otter",
        "otter.tunnel.example.com.,      otter",
        "otter.tunnel.example.com.:8080, otter",
        "a.b.tunnel.example.com,         a.b"
    })
    void theNameIsWhatStandsBeforeTheDomain(String host, String name) {
        assertThat(address.nameIn(host)).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tunnel.example.com", "example.com", "ottertunnel.example.com", "otter.tunnel.example.org", "", "[::1]:8080",
                "127.0.0.1:8080"
            })
    void anotherHostHasNoName(String host) {
        assertThat(address.nameIn(host)).isNull();
    }

    @Test
    void theBestAddressComesFirst() {
        assertThat(address.urls(TunnelProtocol.HTTP, "otter", 20000))
                .containsExactly("http://otter.tunnel.example.com:8080", "http://tunnel.example.com:20000");
        assertThat(address.urls(TunnelProtocol.TCP, "otter", 20000)).containsExactly("tcp://tunnel.example.com:20000");
        assertThat(new PublicAddress("localhost", 80).urls(TunnelProtocol.HTTP, "otter", 20000))
                .containsExactly("http://otter.localhost", "http://localhost:20000");
    }
}
