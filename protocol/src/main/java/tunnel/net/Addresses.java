package tunnel.net;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Addresses as people write and read them.
public final class Addresses {
    /// A run of two or more groups of zeros, up to the neighbouring colons.
    private static final Pattern ZEROS = Pattern.compile("(?<![^:])0(:0)+(?![^:%])");

    private Addresses() {}

    /// `203.0.113.9:80` or `[2001:db8::1]:80`.
    public static String text(InetSocketAddress address) {
        InetAddress ip = address.getAddress();
        return hostPort(ip == null ? address.getHostString() : text(ip), address.getPort());
    }

    /// An address alone, an IPv6 one with its longest run of zeros, the first of several, as `::` (RFC
    /// 5952, section 4.2).
    public static String text(InetAddress address) {
        String text = address.getHostAddress();
        if (!(address instanceof Inet6Address)) {
            return text;
        }
        Matcher zeros = ZEROS.matcher(text);
        int start = 0;
        int end = 0;
        while (zeros.find()) {
            if (zeros.end() - zeros.start() > end - start) {
                start = zeros.start();
                end = zeros.end();
            }
        }
        if (end == 0) {
            return text;
        }
        String after = text.substring(end);
        return (start == 0 ? ":" : text.substring(0, start)) + (after.startsWith(":") ? "" : ":") + after;
    }

    /// Host and port with the brackets that an IPv6 address needs.
    public static String hostPort(String host, int port) {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }

    /// 127.0.0.1 and, where this machine has it, ::1.
    public static List<InetAddress> loopback() throws IOException {
        List<InetAddress> addresses = new ArrayList<>();
        addresses.add(InetAddress.ofLiteral("127.0.0.1"));
        InetAddress six = InetAddress.ofLiteral("::1");
        if (NetworkInterface.getByInetAddress(six) != null) {
            addresses.add(six);
        }
        return List.copyOf(addresses);
    }

    /// All addresses of this machine, of both families where it has both.
    public static List<InetAddress> any() throws IOException {
        boolean six = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .anyMatch(Inet6Address.class::isInstance);
        return List.of(InetAddress.ofLiteral(six ? "::" : "0.0.0.0"));
    }
}
