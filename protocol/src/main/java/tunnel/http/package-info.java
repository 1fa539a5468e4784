/// HTTP/1.1 messages as an intermediary reads and writes them: heads, bodies, trailers. Strict (RFC 9112): what two readers
/// could understand in two ways is refused, with the rule that it breaks.
@NullMarked
package tunnel.http;

import org.jspecify.annotations.NullMarked;
