package tunnel.server.registry;

import java.io.IOException;

/// What the edge does for a tunnel while it is in use: listen on its public port.
public interface PublicSide {
    /// Binds the tunnel's public port. Visitors who come wait in the kernel's queue until {@link #open}.
    ///
    /// @return false where another program has the port
    /// @throws IOException when it cannot be bound for another reason, as without file descriptors: no other port will do better
    boolean claim(Tunnel tunnel) throws IOException;

    /// Lets visitors in. Does nothing where the tunnel has been closed since {@link #claim}.
    void open(Tunnel tunnel);

    /// Frees the port and ends the visitors' connections that came by it. Returns when their threads have ended, or after 2 s.
    void close(Tunnel tunnel);
}
