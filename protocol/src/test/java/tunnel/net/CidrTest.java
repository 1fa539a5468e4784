package tunnel.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CidrTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.0/24, 192.0.2.0/24",
        "192.0.2.77/24, 192.0.2.0/24",
        "192.0.2.255/25, 192.0.2.128/25",
        "192.0.2.7, 192.0.2.7/32",
        "0.0.0.0/0, 0.0.0.0/0",
        "2001:db8::/32, 2001:db8::/32",
        "2001:DB8:ffff::1/33, 2001:db8:8000::/33",
        "::1, ::1/128",
        "::/0, ::/0",
        "::ffff:192.0.2.7, 192.0.2.7/32",
        "::ffff:192.0.2.7/120, 192.0.2.0/24",
        "::ffff:c000:207/96, 0.0.0.0/0",
    })
    void isReadAndItsOtherBitsAreCleared(String text, String block) {
        assertThat(Cidr.parse(text)).hasToString(block).isEqualTo(Cidr.parse(block));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "/", "/24", "10/8", "10.1/16", "2130706433", "192.0.2.0/", "192.0.2.0/+1", "192.0.2.0/24/8", "192.0.2.256",
                "192.0.2.0 /24", "0x7f.0.0.1", "fe80::1%eth0", "[::1]", "example.org", "all", "1:2", "::g/8", ":::/8", "٧.0.0.1"
            })
    void whatIsNoneIsRefusedWithASentence(String text) {
        assertThatThrownBy(() -> Cidr.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'" + text + "' is not a block of addresses: write it as in 203.0.113.0/24 or 2001:db8::/32");
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.0/33, /33 is not a prefix length of 192.0.2.0",
        "2001:db8::/129, /129 is not a prefix length of 2001:db8::",
        "192.0.2.0/999, /999 is not a prefix length of 192.0.2.0",
        "::ffff:192.0.2.0/95, /95 is shorter than the 96 bits that an IPv4-mapped address begins with",
    })
    void aPrefixFitsItsAddress(String text, String message) {
        assertThatThrownBy(() -> Cidr.parse(text)).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.0/24, 192.0.2.255, true",
        "192.0.2.0/24, 192.0.3.0, false",
        "192.0.2.128/25, 192.0.2.127, false",
        "192.0.2.7, 192.0.2.7, true",
        "192.0.2.7, 192.0.2.6, false",
        "0.0.0.0/0, 255.255.255.255, true",
        "0.0.0.0/0, ::1, false",
        "::/0, 127.0.0.1, false",
        "192.0.2.0/24, ::ffff:192.0.2.9, true",
        "2001:db8::/33, 2001:db8:7fff::1, true",
        "2001:db8::/33, 2001:db8:8000::, false",
    })
    void containsItsOwn(String block, String address, boolean contained) {
        assertThat(Cidr.parse(block).contains(InetAddress.ofLiteral(address))).isEqualTo(contained);
    }

    @Test
    void sixteenBytesOfAnIpv4MappedAddressAreItsIpv4Block() {
        InetAddress four = InetAddress.ofLiteral("192.0.2.77");

        assertThat(Cidr.of(four, 120, 16)).isEqualTo(Cidr.of(four, 24, 4)).hasToString("192.0.2.0/24");
    }
}
