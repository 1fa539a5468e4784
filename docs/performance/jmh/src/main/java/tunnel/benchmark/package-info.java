/// What the smallest pieces cost: a frame, a head, a MiB through the relay.
@NullMarked
package tunnel.benchmark;

import org.jspecify.annotations.NullMarked;
