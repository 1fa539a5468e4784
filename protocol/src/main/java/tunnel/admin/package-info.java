/// How commands talk to a running program: a private Unix socket in its state directory. What is said there is none of this
/// package's business.
@NullMarked
package tunnel.admin;

import org.jspecify.annotations.NullMarked;
