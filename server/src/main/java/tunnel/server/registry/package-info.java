/// The seam between the two sides of the server: which tunnels there are, who owns them, and how the edge gets a visitor's
/// bytes to an owner without knowing what a session is.
@NullMarked
package tunnel.server.registry;

import org.jspecify.annotations.NullMarked;
