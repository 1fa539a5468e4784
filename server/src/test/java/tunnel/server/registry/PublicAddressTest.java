package tunnel.server.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tunnel.protocol.TunnelProtocol;

class PublicAddressTest {
    private static final String DOMAIN = "tunnel.example.com";

    private static List<String> urls(String domain, PublicUrl byName, TunnelProtocol protocol, String... customHosts) {
        return new PublicAddress(domain, byName).urls(protocol, "otter", List.of(customHosts), 20000);
    }

    @Test
    void theBestAddressComesFirst() {
        PublicUrl direct = PublicUrl.direct(8080);
        assertThat(urls(DOMAIN, direct, TunnelProtocol.HTTP))
                .containsExactly("http://otter.tunnel.example.com:8080", "http://tunnel.example.com:20000");
        assertThat(urls(DOMAIN, direct, TunnelProtocol.TCP)).containsExactly("tcp://tunnel.example.com:20000");
        assertThat(urls("localhost", PublicUrl.direct(80), TunnelProtocol.HTTP))
                .containsExactly("http://otter.localhost", "http://localhost:20000");
    }

    @Test
    void customHostsComeBehindTheName() {
        assertThat(urls(DOMAIN, PublicUrl.direct(8080), TunnelProtocol.HTTP, "app.example.org", "example.net"))
                .containsExactly(
                        "http://otter.tunnel.example.com:8080",
                        "http://app.example.org:8080",
                        "http://example.net:8080",
                        "http://tunnel.example.com:20000");
    }

    @Test
    void whatStandsInFrontIsInTheAddressesByNameAlone() {
        PublicUrl front = PublicUrl.parse("https://*.tunnel.example.com", DOMAIN);
        assertThat(urls(DOMAIN, front, TunnelProtocol.HTTP, "app.example.org"))
                .containsExactly(
                        "https://otter.tunnel.example.com", "https://app.example.org", "http://tunnel.example.com:20000");
    }

    @Test
    void underAnIpAddressThereAreNoNames() {
        assertThat(urls("203.0.113.9", PublicUrl.direct(80), TunnelProtocol.HTTP)).containsExactly("http://203.0.113.9:20000");
    }

    @ParameterizedTest
    @CsvSource({
        "https://*.tunnel.example.com,      https, 443",
        "https://*.tunnel.example.com:8443, https, 8443",
        "http://*.tunnel.example.com,       http,  80",
        "HTTPS://*.Tunnel.Example.COM.,     https, 443"
    })
    void aPublicUrlIsRead(String text, String scheme, int port) {
        assertThat(PublicUrl.parse(text, DOMAIN)).isEqualTo(new PublicUrl(scheme, port));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "tunnel.example.com", "https://tunnel.example.com", "https://*.example.com", "https://*.tunnel.example.com/",
                "https://*.tunnel.example.com:0", "https://*.tunnel.example.com:65536", "https://*.tunnel.example.com:",
                "ftp://*.tunnel.example.com", "https://a@*.tunnel.example.com", "https://*.a.tunnel.example.com"
            })
    void anotherPublicUrlIsRefusedWithOneThatWouldDo(String text) {
        assertThatThrownBy(() -> PublicUrl.parse(text, DOMAIN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'" + text + "' is not the address of this server's tunnels: write it as in"
                        + " https://*.tunnel.example.com");
    }
}
