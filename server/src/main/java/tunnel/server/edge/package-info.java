/// The visitors' side of the server: the HTTP edge, which routes by Host, and a public port for each tunnel.
@NullMarked
package tunnel.server.edge;

import org.jspecify.annotations.NullMarked;
