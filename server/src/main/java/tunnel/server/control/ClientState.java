package tunnel.server.control;

import java.time.Instant;
import tunnel.server.registry.Owner;

/// A session as an operator sees it.
///
/// @param owner of its tunnels, and of its token
/// @param name as in the log
/// @param since when it began
/// @param address of the client
/// @param idle data channels that wait for a visitor
/// @param busy those that carry one
public record ClientState(Owner owner, String name, Instant since, String address, int idle, int busy) {}
