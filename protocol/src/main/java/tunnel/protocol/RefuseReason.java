package tunnel.protocol;

/// Why a client refused a stream. A code that is not known here reads as {@link #OTHER}.
public enum RefuseReason implements Coded {
    OTHER(0),
    /// The local service could not be reached.
    LOCAL_UNREACHABLE(1),
    /// The local service did not answer the dial in time.
    LOCAL_TIMEOUT(2),
    /// The client has no such tunnel, or no longer.
    NO_TUNNEL(3),
    /// The client has already acted on this stream number.
    REPEATED(4),
    /// An option that had to be understood was not.
    UNSUPPORTED(5),
    /// A limit of the client is reached.
    BUSY(6);

    private final int code;

    RefuseReason(int code) {
        this.code = code;
    }

    @Override
    public int code() {
        return code;
    }
}
