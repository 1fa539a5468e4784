/// The tokens that clients log in with: their names, rights and times, live in memory and as lines on disk. Nothing here can
/// log in.
@NullMarked
package tunnel.server.tokens;

import org.jspecify.annotations.NullMarked;
