package tunnel.net;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.List;

/// Addresses as people write and read them.
public final class Addresses {
    private Addresses() {}

    /// `203.0.113.9:80` or `[2001:db8::1]:80`.
    public static String text(InetSocketAddress address) {
        InetAddress ip = address.getAddress();
        return hostPort(ip == null ? address.getHostString() : ip.getHostAddress(), address.getPort());
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
