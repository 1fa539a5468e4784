/// Leases on disk: who may have which name, custom host and public port, also after a restart.
@NullMarked
package tunnel.server.lease;

import org.jspecify.annotations.NullMarked;
