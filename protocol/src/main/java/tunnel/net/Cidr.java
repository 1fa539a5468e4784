package tunnel.net;

import java.net.InetAddress;

/// A block of addresses as `192.0.2.0/24` or `2001:db8::/32`; an address alone is a block of one (RFC 4632, section 3.1).
///
/// @param base its bits beyond the prefix are zero
/// @param prefix 0 to 32, or to 128
public record Cidr(InetAddress base, int prefix) {
    public Cidr {
        if (prefix < 0 || prefix > base.getAddress().length * 8) {
            throw new IllegalArgumentException("/" + prefix + " is not a prefix length of " + Addresses.text(base));
        }
    }

    /// Whether the address is in the block. One of the other family never is.
    public boolean contains(InetAddress address) {
        byte[] mine = base.getAddress();
        byte[] other = address.getAddress();
        if (mine.length != other.length) {
            return false;
        }
        for (int bit = 0; bit < prefix; bit += 8) {
            int mask = prefix - bit >= 8 ? 0xFF : 0xFF << (8 - (prefix - bit));
            if (((mine[bit / 8] ^ other[bit / 8]) & mask & 0xFF) != 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return Addresses.text(base) + "/" + prefix;
    }
}
