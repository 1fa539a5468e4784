/// What the inspector keeps of exchanges: masked before it gets here, bounded in number and bytes, the oldest dropped first.
@NullMarked
package tunnel.inspect.store;

import org.jspecify.annotations.NullMarked;
