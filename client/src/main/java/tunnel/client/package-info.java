/// The `tunnel-client` program: keeps a session with a server and carries its streams to a local service.
@NullMarked
package tunnel.client;

import org.jspecify.annotations.NullMarked;
