/// The terminal's whole window as a running client fills it: what is drawn, how it gets there, and how the terminal gets back to
/// what it was.
@NullMarked
package tunnel.screen;

import org.jspecify.annotations.NullMarked;
