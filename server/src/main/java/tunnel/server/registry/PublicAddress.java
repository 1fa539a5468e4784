package tunnel.server.registry;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tunnel.protocol.TunnelProtocol;

/// What visitors type: the server's base domain, and how they reach the HTTP edge.
///
/// @param domain in lower case, without a dot at its end
public record PublicAddress(String domain, PublicUrl byName) {
    /// The tunnel's addresses, the best first: by name and by custom host for HTTP, by port for all.
    List<String> urls(TunnelProtocol protocol, String name, List<String> customHosts, int port) {
        List<String> urls = new ArrayList<>();
        if (protocol == TunnelProtocol.HTTP) {
            if (!isAddress()) {
                urls.add(byName.of(host(name)));
            }
            customHosts.forEach(host -> urls.add(byName.of(host)));
        }
        urls.add((protocol == TunnelProtocol.HTTP ? "http://" : "tcp://") + domain + ":" + port);
        return urls;
    }

    /// Whether the domain is an IP address, under which there are no names.
    private boolean isAddress() {
        return domain.matches("(.*\\.)?[0-9]+");
    }

    /// A tunnel's host.
    String host(String name) {
        return name + "." + domain;
    }

    /// The name of a tunnel's host, or null where it is none.
    @Nullable String name(String host) {
        return host.endsWith("." + domain) ? host.substring(0, host.length() - domain.length() - 1) : null;
    }
}
