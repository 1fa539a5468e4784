package tunnel.client;

import java.time.Duration;
import java.util.List;
import tunnel.local.Local;
import tunnel.net.HostPort;
import tunnel.protocol.EdgeOptions;
import tunnel.protocol.JoinString;
import tunnel.protocol.TunnelProtocol;

/// Everything that a client is told before it starts.
///
/// @param join the server, how to recognise it, and the token
/// @param plain whether the server does without TLS
/// @param tunnels those wished for
/// @param exitOnDisconnect whether a lost connection is the end
public record ClientSettings(JoinString join, boolean plain, List<Wish> tunnels, boolean exitOnDisconnect) {
    public ClientSettings {
        tunnels = List.copyOf(tunnels);
    }

    /// A client with one tunnel, which comes back when its connection was lost.
    public ClientSettings(JoinString join, boolean plain, Wish tunnel) {
        this(join, plain, List.of(tunnel), false);
    }

    /// A tunnel as its user wishes it.
    ///
    /// @param label what its user calls it, or empty
    /// @param local what it leads to
    /// @param name or empty for any
    /// @param publicPort or 0 for any
    /// @param edge what the server's HTTP edge is to do for it
    /// @param localWait how long visitors are held while `local` is down, or zero
    public record Wish(
            String label,
            Local local,
            TunnelProtocol protocol,
            String name,
            int publicPort,
            EdgeOptions edge,
            Duration localWait) {
        /// A tunnel whose visitors are not held.
        public Wish(String label, Local local, TunnelProtocol protocol, String name, int publicPort, EdgeOptions edge) {
            this(label, local, protocol, name, publicPort, edge, Duration.ZERO);
        }

        /// A tunnel that has no name of its own here.
        public Wish(Local local, TunnelProtocol protocol, String name, int publicPort, EdgeOptions edge) {
            this("", local, protocol, name, publicPort, edge);
        }

        /// A tunnel to a service without TLS, with nothing for the edge to do.
        public Wish(HostPort local, TunnelProtocol protocol, String name, int publicPort) {
            this(Local.plain(local), protocol, name, publicPort, EdgeOptions.NONE);
        }

        /// The same by another label.
        public Wish labelled(String other) {
            return new Wish(other, local, protocol, name, publicPort, edge, localWait);
        }

        /// The same, with visitors held for so long while the local service is down.
        public Wish waiting(Duration time) {
            return new Wish(label, local, protocol, name, publicPort, edge, time);
        }
    }
}
