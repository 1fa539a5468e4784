package tunnel.inspect.store;

import org.jspecify.annotations.Nullable;

/// Where an exchange's time went, in microseconds.
///
/// @param edge from the request's head at the server to its coming here; null where the server does not say
/// @param queue from its coming here to its first byte for the local service: the dial
/// @param local from there to the first byte of the response
/// @param body from there to the response's end
public record Timings(@Nullable Long edge, long queue, long local, long body) {
    public static final Timings NONE = new Timings(null, 0, 0, 0);
}
