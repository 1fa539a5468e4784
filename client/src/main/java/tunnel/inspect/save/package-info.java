/// The session in a file.
@NullMarked
package tunnel.inspect.save;

import org.jspecify.annotations.NullMarked;
