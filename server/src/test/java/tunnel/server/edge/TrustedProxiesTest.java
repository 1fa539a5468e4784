package tunnel.server.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tunnel.net.Cidr;

class TrustedProxiesTest {
    private final TrustedProxies proxies =
            new TrustedProxies(Stream.of("127.0.0.1", "10.0.0.0/8", "2001:db8::/32").map(Cidr::parse).toList());

    private static InetAddress ip(String text) {
        return InetAddress.ofLiteral(text);
    }

    private static List<String> fields(String values) {
        return values.isEmpty() ? List.of() : List.of(values.split(" \\+ ", -1));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            127.0.0.1    | 203.0.113.9                            | 203.0.113.9
            127.0.0.1    | 1.2.3.4, 203.0.113.9                   | 203.0.113.9
            127.0.0.1    | 1.2.3.4,203.0.113.9 , 10.1.2.3         | 203.0.113.9
            2001:db8::1  | 2001:dead::9,2001:db8::2               | 2001:dead::9
            127.0.0.1    | ::ffff:203.0.113.9                     | 203.0.113.9
            127.0.0.1    | 1.2.3.4, 203.0.113.9 + 10.1.2.3        | 203.0.113.9
            127.0.0.1    | 1.2.3.4 + 203.0.113.9                  | 203.0.113.9
            """)
    void behindTrustedProxiesTheVisitorIsTheLastAddressThatIsNotOneOfThem(String peer, String values, String visitor) {
        assertThat(proxies.visitor(ip(peer), fields(values))).isEqualTo(ip(visitor));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            203.0.113.9  | 1.2.3.4
            203.0.113.9  | 127.0.0.1
            2001:db9::1  | 1.2.3.4, 10.1.2.3
            """)
    void whatAStrangerSaysCountsForNothing(String peer, String values) {
        assertThat(proxies.visitor(ip(peer), fields(values))).isEqualTo(ip(peer));
        assertThat(proxies.trusts(ip(peer))).isFalse();
        assertThat(TrustedProxies.NONE.visitor(ip("127.0.0.1"), fields(values))).isEqualTo(ip("127.0.0.1"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1.2.3.4, unknown                | 127.0.0.1
            1.2.3.4, unknown, 10.1.2.3      | 10.1.2.3
            1.2.3.4,, 10.1.2.3              | 10.1.2.3
            1.2.3.4,                        | 127.0.0.1
            1.2.3.4, 10.0.0.0/8             | 127.0.0.1
            1.2.3.4, 203.0.113.9:80         | 127.0.0.1
            1.2.3.4, localhost              | 127.0.0.1
            1.2.3.4, 1.2.3                  | 127.0.0.1
            1.2.3.4 + ,                     | 127.0.0.1
            """)
    void nothingCountsBeyondAMalformedAddress(String values, String visitor) {
        assertThat(proxies.visitor(ip("127.0.0.1"), fields(values))).isEqualTo(ip(visitor));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            10.1.2.3            | 10.1.2.3
            10.9.9.9, 10.1.2.3  | 10.9.9.9
            ''                  | 127.0.0.1
            """)
    void whereAllAreTrustedTheFirstIsTheVisitor(String values, String visitor) {
        assertThat(proxies.visitor(ip("127.0.0.1"), fields(values))).isEqualTo(ip(visitor));
    }
}
