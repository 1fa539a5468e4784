package tunnel.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressesTest {
    /// RFC 5952, sections 4.1 to 4.3.
    @ParameterizedTest
    @CsvSource({
        "2001:0DB8:0:0:0:0:0:0001, 2001:db8::1",
        "0:0:0:0:0:0:0:0,          ::",
        "0:0:0:0:0:0:0:1,          ::1",
        "1:0:0:0:0:0:0:0,          1::",
        "2001:db8:0:1:1:1:1:1,     2001:db8:0:1:1:1:1:1", // one 0 alone stays
        "0:1:1:1:1:1:1:1,          0:1:1:1:1:1:1:1",
        "1:1:1:1:1:1:1:0,          1:1:1:1:1:1:1:0",
        "2001:0:0:1:0:0:0:1,       2001:0:0:1::1", // the longest run
        "2001:0:0:0:1:0:0:1,       2001::1:0:0:1",
        "2001:db8:0:0:1:0:0:1,     2001:db8::1:0:0:1", // of two as long the first
        "0:0:1:2:3:4:0:0,          ::1:2:3:4:0:0",
        "0:0:1:0:0:2:3:4,          ::1:0:0:2:3:4",
        "1:2:0:0:3:4:0:0,          1:2::3:4:0:0",
        "0:0:1:0:0:0:2:3,          0:0:1::2:3",
        "1:0:0:2:3:0:0:0,          1:0:0:2:3::",
        "2001:db8:10:0:0:100:0:1,  2001:db8:10::100:0:1",
        "192.0.2.7,                192.0.2.7",
        "::ffff:192.0.2.7,         192.0.2.7"
    })
    void areWrittenInTheirShortForm(String literal, String text) {
        InetAddress address = InetAddress.ofLiteral(literal);

        assertThat(Addresses.text(address)).isEqualTo(text);
        assertThat(InetAddress.ofLiteral(text)).isEqualTo(address);
    }

    @Test
    void theZoneOfALinkLocalAddressStays() throws Exception {
        byte[] bytes = InetAddress.ofLiteral("fe80::1").getAddress();

        assertThat(Addresses.text(Inet6Address.getByAddress(null, bytes, 7))).isEqualTo("fe80::1%7");
        bytes[15] = 0;
        assertThat(Addresses.text(Inet6Address.getByAddress(null, bytes, 7))).isEqualTo("fe80::%7");
    }

    @Test
    void standInBracketsBeforeAPort() {
        assertThat(Addresses.text(new InetSocketAddress(InetAddress.ofLiteral("::1"), 80))).isEqualTo("[::1]:80");
        assertThat(Addresses.text(new InetSocketAddress(InetAddress.ofLiteral("192.0.2.7"), 80))).isEqualTo("192.0.2.7:80");
        assertThat(Addresses.text(InetSocketAddress.createUnresolved("example.com", 80))).isEqualTo("example.com:80");
    }

    @Test
    void loopbackIsLoopbackAndAnyIsAny() throws Exception {
        assertThat(Addresses.loopback()).isNotEmpty().allMatch(InetAddress::isLoopbackAddress);
        assertThat(Addresses.any()).hasSize(1).allMatch(InetAddress::isAnyLocalAddress);
    }
}
