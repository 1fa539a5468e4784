package tunnel.server.registry;

import java.time.Duration;
import java.util.List;
import tunnel.protocol.EdgeOptions;
import tunnel.protocol.TunnelProtocol;

/// One public name and port that lead to one local service. Made by the {@link Registry} alone.
///
/// @param id the client's number for it
/// @param port the public port
/// @param urls what visitors type, the best first
/// @param options for the HTTP edge
/// @param localWait how long visitors are held while the local service is down, or zero
public record Tunnel(
        Owner owner,
        int id,
        TunnelProtocol protocol,
        String name,
        int port,
        List<String> urls,
        EdgeOptions options,
        Duration localWait)
        implements Route {
    /// For the log.
    @Override
    public String toString() {
        return name;
    }
}
