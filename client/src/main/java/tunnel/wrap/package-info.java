/// The command that a client starts beside its tunnel, as in `tunnel-client --local 4000 -- npm run dev`.
@NullMarked
package tunnel.wrap;

import org.jspecify.annotations.NullMarked;
