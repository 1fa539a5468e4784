/// Where the two programs keep their files under a user's home, and how: private to their owner.
@NullMarked
package tunnel.home;

import org.jspecify.annotations.NullMarked;
