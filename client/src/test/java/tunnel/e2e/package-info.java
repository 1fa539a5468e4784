/// End to end, over real sockets on free ports: `*Test` has servers and clients in one JVM ({@link tunnel.e2e.World}), `*IT` the
/// programs themselves in processes of their own ({@link tunnel.e2e.Programs}).
@NullMarked
package tunnel.e2e;

import org.jspecify.annotations.NullMarked;
