package tunnel.inspect.capture;

/// Looks at a request that is sent again, and knows when its response is whole.
public interface ReplayTap extends StreamTap {
    /// Whether the response has come to its end.
    boolean isAnswered();
}
