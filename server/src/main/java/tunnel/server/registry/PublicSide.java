package tunnel.server.registry;

import java.io.IOException;

/// What the edge does for a tunnel while it is in use: listen on its public port.
public interface PublicSide {
    /// Opens the tunnel's public listener.
    ///
    /// @throws java.net.BindException when the port is taken
    /// @throws IOException when it cannot be bound for another reason
    void open(Tunnel tunnel) throws IOException;

    /// Closes it, and the visitors' connections that came by it. Returns when their threads have ended, or after 2 s.
    void close(Tunnel tunnel);

    /// Whether the port could be bound at this moment.
    ///
    /// @throws IOException when that cannot be found out, as without file descriptors: no other port will do better
    boolean isFree(int port) throws IOException;
}
