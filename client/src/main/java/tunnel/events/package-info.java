/// What a running client tells those who show it: the screen, the lines on standard output, the inspector, `status`.
@NullMarked
package tunnel.events;

import org.jspecify.annotations.NullMarked;
