/// Exchanges as JSON, as HAR and as curl commands.
@NullMarked
package tunnel.inspect.json;

import org.jspecify.annotations.NullMarked;
