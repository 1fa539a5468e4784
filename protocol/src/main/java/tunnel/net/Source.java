package tunnel.net;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/// Where connections come from, as bounds count it: an IPv4 address, or the /64 of an IPv6 one, which one user has as a whole.
public record Source(boolean six, long bits) implements Comparable<Source> {
    public static Source of(InetAddress address) {
        ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
        return address instanceof Inet6Address
                ? new Source(true, bytes.getLong())
                : new Source(false, bytes.getInt());
    }

    @Override
    public int compareTo(Source other) {
        int byFamily = Boolean.compare(six, other.six);
        return byFamily != 0 ? byFamily : Long.compare(bits, other.bits);
    }
}
