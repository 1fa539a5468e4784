package tunnel.server.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tunnel.protocol.TunnelProtocol;

/// What visitors type: the server's base domain and the HTTP edge's port.
///
/// @param domain in lower case, without a dot at its end
/// @param httpPort as bound
public record PublicAddress(String domain, int httpPort) {
    /// The tunnel's addresses, the best first: by name for HTTP, by port for all.
    List<String> urls(TunnelProtocol protocol, String name, int port) {
        List<String> urls = new ArrayList<>();
        if (protocol == TunnelProtocol.HTTP) {
            urls.add("http://" + name + "." + domain + (httpPort == 80 ? "" : ":" + httpPort));
        }
        urls.add((protocol == TunnelProtocol.HTTP ? "http://" : "tcp://") + domain + ":" + port);
        return urls;
    }

    /// The name in a request's Host, `NAME.DOMAIN[:PORT]`, or null where it is not under the domain.
    public @Nullable String nameIn(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        int colon = lower.lastIndexOf(':');
        String bare = colon >= 0 ? lower.substring(0, colon) : lower;
        if (bare.endsWith(".")) {
            bare = bare.substring(0, bare.length() - 1);
        }
        return bare.endsWith("." + domain) ? bare.substring(0, bare.length() - domain.length() - 1) : null;
    }
}
