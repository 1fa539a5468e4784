/// What a tunnel leads to: a local service, plain or under TLS, or a folder that is served by this program itself.
@NullMarked
package tunnel.local;

import org.jspecify.annotations.NullMarked;
