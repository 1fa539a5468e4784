/// How both programs log: to standard error, through a bounded queue; and logs beside that one.
@NullMarked
package tunnel.log;

import org.jspecify.annotations.NullMarked;
