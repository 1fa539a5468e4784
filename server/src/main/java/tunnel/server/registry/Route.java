package tunnel.server.registry;

/// Where a request's Host leads: to a tunnel, or why to none.
public sealed interface Route permits Tunnel, NoRoute {}
