/// The clients' side of the server: the control port, sessions, their data channels and the streams on them.
@NullMarked
package tunnel.server.control;

import org.jspecify.annotations.NullMarked;
