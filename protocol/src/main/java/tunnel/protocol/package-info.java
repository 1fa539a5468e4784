/// What goes over the wire and why it can be trusted: frames, their codec, the frame channel, versions, tokens and
/// proofs, join strings, names. `docs/protocol.md` is the specification.
@NullMarked
package tunnel.protocol;

import org.jspecify.annotations.NullMarked;
