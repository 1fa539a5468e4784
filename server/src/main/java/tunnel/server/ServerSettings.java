package tunnel.server;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import tunnel.server.registry.Limits;
import tunnel.server.registry.PortRange;

/// Everything that a server is told before it starts.
///
/// @param domain the base domain that names stand under, in lower case
/// @param addresses to bind, for visitors and clients alike
/// @param controlPort 0 for a free one
/// @param httpPort 0 for a free one
/// @param ports that tunnels may have
/// @param stateDirectory made where it is missing
/// @param takeOver whether to take the place of a server that runs with that state directory
/// @param plain whether the control port does without TLS
public record ServerSettings(
        String domain,
        List<InetAddress> addresses,
        int controlPort,
        int httpPort,
        PortRange ports,
        Path stateDirectory,
        boolean plain,
        PublicSettings publicSide,
        Limits limits,
        boolean takeOver) {
    /// The same with other bounds.
    ServerSettings with(Limits other) {
        return new ServerSettings(
                domain, addresses, controlPort, httpPort, ports, stateDirectory, plain, publicSide, other, takeOver);
    }
}
