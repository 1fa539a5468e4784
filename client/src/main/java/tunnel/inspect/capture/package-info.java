/// The side copy of what passes through the tunnels. Those who carry bytes only look for where messages begin and end, copy what
/// may be kept and put it into a bounded queue, without ever waiting; one thread makes exchanges of it.
@NullMarked
package tunnel.inspect.capture;

import org.jspecify.annotations.NullMarked;
