/// How both programs log: to standard error, through a bounded queue.
@NullMarked
package tunnel.log;

import org.jspecify.annotations.NullMarked;
