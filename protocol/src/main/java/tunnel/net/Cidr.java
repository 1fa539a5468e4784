package tunnel.net;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/// A block of addresses as `192.0.2.0/24` or `2001:db8::/32`; an address alone is a block of one (RFC 4632, section 3.1).
///
/// An IPv4-mapped IPv6 block is its IPv4 block.
///
/// @param base its bits beyond the prefix are zero; those of what it is made from are cleared
/// @param prefix 0 to 32, or to 128
public record Cidr(InetAddress base, int prefix) {
    private static final int MAPPED = 96; // bits before the IPv4 address in ::ffff:192.0.2.0 (RFC 4291, section 2.5.5.2)
    private static final Pattern FOUR = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}"); // not 127.1, nor 2130706433
    private static final Pattern SIX = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
    private static final int LONGEST_SHOWN = 64;

    public Cidr {
        if (prefix < 0 || prefix > base.getAddress().length * 8) {
            throw new IllegalArgumentException("/" + prefix + " is not a prefix length of " + Addresses.text(base));
        }
        base = cleared(base, prefix);
    }

    private static InetAddress cleared(InetAddress base, int prefix) {
        byte[] bytes = base.getAddress();
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] &= (byte) mask(prefix - i * 8);
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 and 16 bytes are an address", e);
        }
    }

    /// The mask of one byte, of whose bits `left` belong to the prefix.
    private static int mask(int left) {
        return 0xFF << (8 - Math.clamp(left, 0, 8)) & 0xFF;
    }

    /// A block as it was written in 4 or 16 bytes, whatever the address is.
    ///
    /// @throws IllegalArgumentException when the prefix is too long, or too short for an IPv4-mapped address
    public static Cidr of(InetAddress base, int prefix, int bytes) {
        boolean mapped = bytes == 16 && base instanceof Inet4Address;
        if (mapped && prefix < MAPPED) {
            throw new IllegalArgumentException(
                    "/" + prefix + " is shorter than the " + MAPPED + " bits that an IPv4-mapped address begins with");
        }
        return new Cidr(base, mapped ? prefix - MAPPED : prefix);
    }

    /// Reads `192.0.2.0/24`, `2001:db8::/32`, or an address alone.
    ///
    /// @throws IllegalArgumentException with a sentence for the user
    public static Cidr parse(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        String prefix = slash < 0 ? null : text.substring(slash + 1);
        boolean six = SIX.matcher(address).matches();
        boolean four = FOUR.matcher(address).matches();
        boolean prefixed = prefix == null || prefix.matches("[0-9]{1,3}");
        if (!(six || four) || !prefixed) {
            throw notABlock(text);
        }
        InetAddress base;
        try {
            base = InetAddress.ofLiteral(address);
        } catch (IllegalArgumentException e) {
            throw notABlock(text);
        }
        int bytes = six ? 16 : 4;
        return of(base, prefix == null ? bytes * 8 : Integer.parseInt(prefix), bytes);
    }

    private static IllegalArgumentException notABlock(String text) {
        String shown = text.length() > LONGEST_SHOWN ? text.substring(0, LONGEST_SHOWN) + "…" : text;
        return new IllegalArgumentException(
                "'" + shown + "' is not a block of addresses: write it as in 203.0.113.0/24 or 2001:db8::/32");
    }

    /// Whether the address is in the block. One of the other family never is.
    public boolean contains(InetAddress address) {
        byte[] mine = base.getAddress();
        byte[] other = address.getAddress();
        if (mine.length != other.length) {
            return false;
        }
        for (int i = 0; i * 8 < prefix; i++) {
            if (((mine[i] ^ other[i]) & mask(prefix - i * 8)) != 0) {
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
