package tunnel.server.registry;

import java.util.List;
import tunnel.protocol.RejectCode;
import tunnel.protocol.TunnelProtocol;

/// Which hosts of their own clients may bring: none that this server gives, none that means every
/// computer itself.
final class CustomHosts {
    private static final String LOCALHOST = "localhost";

    private CustomHosts() {}

    /// @param hosts names and no addresses, in lower case, without a port
    /// @throws RejectedException for one that nobody can have
    static void check(List<String> hosts, TunnelProtocol protocol, String domain) throws RejectedException {
        if (!hosts.isEmpty() && protocol != TunnelProtocol.HTTP) {
            throw refused(hosts.getFirst(), "only an HTTP tunnel can have a host");
        }
        for (String host : hosts) {
            if (isAtOrBelow(host, domain)) {
                throw refused(host, "it belongs to this server's own domain, " + domain + ", where a tunnel has a name");
            }
            if (isAtOrBelow(host, LOCALHOST)) {
                throw refused(host, "to every visitor it means the visitor's own computer");
            }
        }
    }

    private static boolean isAtOrBelow(String host, String domain) {
        return host.equals(domain) || host.endsWith("." + domain);
    }

    private static RejectedException refused(String host, String why) {
        return new RejectedException(RejectCode.HOST_NOT_ALLOWED, "the host " + host + " cannot be had: " + why);
    }
}
