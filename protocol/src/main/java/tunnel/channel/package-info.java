/// The parts of control and data channels that server and client share: one side of a stream, the relay between a stream
/// and a socket, the one writer of a control channel.
@NullMarked
package tunnel.channel;

import org.jspecify.annotations.NullMarked;
