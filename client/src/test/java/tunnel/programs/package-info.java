/// The programs as processes, started by their launchers: what they print, their exit codes, how they stop.
@NullMarked
package tunnel.programs;

import org.jspecify.annotations.NullMarked;
