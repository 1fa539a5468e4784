/// The access log: a line for each request, in the form that its reader wants.
@NullMarked
package tunnel.server.access;

import org.jspecify.annotations.NullMarked;
