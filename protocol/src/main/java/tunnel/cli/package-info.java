/// What the two commands have in common: how errors read, exit codes, how they stop.
@NullMarked
package tunnel.cli;

import org.jspecify.annotations.NullMarked;
