/// Sends captured requests again, straight to the local service.
@NullMarked
package tunnel.inspect.replay;

import org.jspecify.annotations.NullMarked;
