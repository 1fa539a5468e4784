package tunnel.server.registry;

import java.io.IOException;

/// What the edge does for a tunnel while it is in use: listen on its public port.
public interface PublicSide {
    /// Opens the tunnel's public listener.
    ///
    /// @throws IOException when the port cannot be bound
    void open(Tunnel tunnel) throws IOException;

    /// Closes it, and the visitors' connections that came by it. Returns when their threads have ended, or after 2 s.
    void close(Tunnel tunnel);

    /// Whether the port could be bound at this moment.
    boolean isFree(int port);
}
