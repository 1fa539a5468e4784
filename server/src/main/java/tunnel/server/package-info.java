/// The `tunnel-server` program: its command, its settings and state, and the object that wires the two sides together.
@NullMarked
package tunnel.server;

import org.jspecify.annotations.NullMarked;
