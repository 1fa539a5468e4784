package tunnel.client;

import tunnel.local.Local;
import tunnel.net.HostPort;
import tunnel.protocol.EdgeOptions;
import tunnel.protocol.JoinString;
import tunnel.protocol.TunnelProtocol;

/// Everything that a client is told before it starts.
///
/// @param join the server, how to recognise it, and the token
/// @param plain whether the server does without TLS
/// @param tunnel the tunnel wished for
/// @param exitOnDisconnect whether a lost connection is the end
public record ClientSettings(JoinString join, boolean plain, Wish tunnel, boolean exitOnDisconnect) {
    /// A client that comes back when its connection was lost.
    public ClientSettings(JoinString join, boolean plain, Wish tunnel) {
        this(join, plain, tunnel, false);
    }

    /// A tunnel as its user wishes it.
    ///
    /// @param local what it leads to
    /// @param name or empty for any
    /// @param publicPort or 0 for any
    /// @param edge what the server's HTTP edge is to do for it
    public record Wish(Local local, TunnelProtocol protocol, String name, int publicPort, EdgeOptions edge) {
        /// A tunnel to a service without TLS, with nothing for the edge to do.
        public Wish(HostPort local, TunnelProtocol protocol, String name, int publicPort) {
            this(Local.plain(local), protocol, name, publicPort, EdgeOptions.NONE);
        }
    }
}
