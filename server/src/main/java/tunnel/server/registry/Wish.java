package tunnel.server.registry;

import tunnel.protocol.EdgeOptions;

/// What a client asks for.
///
/// @param name checked, or empty for any
/// @param port or 0 for any
/// @param anyPortWillDo where that one is not to be had
/// @param ports that there are
/// @param options for the HTTP edge, with the custom hosts
record Wish(String name, int port, boolean anyPortWillDo, PortRange ports, EdgeOptions options) {}
