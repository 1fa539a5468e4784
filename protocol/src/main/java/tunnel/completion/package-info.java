/// Completion scripts for shells, made of the commands themselves.
@NullMarked
package tunnel.completion;

import org.jspecify.annotations.NullMarked;
