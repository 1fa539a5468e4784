/// End to end: real servers and clients in one JVM, over real sockets on free ports ({@link tunnel.e2e.World}).
@NullMarked
package tunnel.e2e;

import org.jspecify.annotations.NullMarked;
