/// The inspector: captures what passes, keeps the last of it, shows it on a page of this machine, sends it again.
@NullMarked
package tunnel.inspect;

import org.jspecify.annotations.NullMarked;
