package tunnel.server.registry;

/// Why a visitor got no stream.
public enum Refusal {
    /// The client had no data channel in time, or did not say `Accepted` on any.
    NO_DATA_CHANNEL,
    /// The client could not reach the local service.
    LOCAL_UNREACHABLE,
    /// The local service did not answer the client's dial in time.
    LOCAL_TIMEOUT,
    /// The client refused for another reason, or was lost before it could say.
    CLIENT_LOST
}
