package tunnel.client;

import tunnel.net.HostPort;
import tunnel.protocol.JoinString;
import tunnel.protocol.TunnelProtocol;

/// Everything that a client is told before it starts.
///
/// @param join the server, how to recognise it, and the token
/// @param plain whether the server does without TLS
/// @param tunnel the tunnel wished for
public record ClientSettings(JoinString join, boolean plain, Wish tunnel) {
    /// A tunnel as its user wishes it.
    ///
    /// @param local the local service
    /// @param name or empty for any
    /// @param publicPort or 0 for any
    public record Wish(HostPort local, TunnelProtocol protocol, String name, int publicPort) {}
}
