/// Sockets and time, with no knowledge of frames: transports (plain or TLS), listeners, deadlines, buffers, backoff.
@NullMarked
package tunnel.net;

import org.jspecify.annotations.NullMarked;
