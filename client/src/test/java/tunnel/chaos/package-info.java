/// Attacks and faults against the programs as processes, each with the figure that shows that its defence holds. They make one
/// table together, `target/chaos.md`.
@NullMarked
package tunnel.chaos;

import org.jspecify.annotations.NullMarked;
