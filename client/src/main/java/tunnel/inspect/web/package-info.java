/// What the inspector answers: its page, the same data as JSON, events as they come. On loopback, to who knows this run's token.
@NullMarked
package tunnel.inspect.web;

import org.jspecify.annotations.NullMarked;
