/// How commands talk to a running server: a private Unix socket in its state directory. What is said there is none of this
/// package's business.
@NullMarked
package tunnel.server.admin;

import org.jspecify.annotations.NullMarked;
