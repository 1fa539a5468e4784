package tunnel.server.registry;

/// Why a visitor got no stream.
public enum Refusal {
    /// The client had no data channel in time, or did not say `Accepted` on any.
    NO_DATA_CHANNEL,
    /// The client could not reach the local service.
    LOCAL_UNREACHABLE,
    /// The local service did not answer the client's dial in time.
    LOCAL_TIMEOUT,
    /// The local service was down, and did not come up while the visitor was held.
    LOCAL_AWAY,
    /// The client refused for another reason, or was lost before it could say.
    CLIENT_LOST
}
