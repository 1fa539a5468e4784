package tunnel.server.registry;

/// Why a Host leads to no tunnel.
public enum NoRoute implements Route {
    /// It is the server's base domain.
    DOMAIN_ITSELF,
    /// A tunnel has the name, and its client is away.
    CLIENT_AWAY,
    /// Nobody has the name.
    UNKNOWN
}
