package tunnel.server;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tunnel.admin.Facts;
import tunnel.server.registry.PortRange;

/// What `doctor` knows of a server: what the one that runs says, else what its options say.
///
/// @param running whether it runs, and so has its ports
/// @param visitors the most that it takes at once
record Seen(
        boolean running, String domain, List<InetAddress> addresses, int controlPort, int httpPort, PortRange ports, long visitors,
        ServerSettings options) {
    static Seen of(ServerSettings options, @Nullable Facts running) throws IOException {
        if (running == null) {
            return new Seen(
                    false,
                    options.domain(),
                    options.addresses(),
                    options.controlPort(),
                    options.httpPort(),
                    options.ports(),
                    Descriptors.fit(options).visitors().most(),
                    options);
        }
        List<InetAddress> addresses = new ArrayList<>();
        for (String address : running.list("addresses")) {
            addresses.add(InetAddress.ofLiteral(address));
        }
        return new Seen(
                true,
                running.text("domain"),
                addresses,
                Math.toIntExact(running.number("control-port")),
                Math.toIntExact(running.number("http-port")),
                PortRange.parse(running.text("ports")),
                running.number("most-visitors"),
                options);
    }
}
