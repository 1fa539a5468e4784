package tunnel.protocol;

/// Why a `Reject` was sent. A code that is not known here reads as {@link #OTHER}.
public enum RejectCode implements Coded {
    OTHER(0),
    /// The token, its proof or the session behind a `DataInit` is not good. Never says which.
    UNAUTHORIZED(1),
    /// No protocol version in common.
    VERSION(2),
    /// The frame, or where it came, breaks the protocol.
    PROTOCOL(3),
    /// A limit of the server is reached; later may be better.
    BUSY(4),
    /// An option that had to be understood was not.
    UNSUPPORTED(5),
    /// The token is known and its proof is good, but its time is over. Only who proves to hold it learns this.
    TOKEN_EXPIRED(6),
    /// The name belongs to another client.
    NAME_TAKEN(16),
    /// Not a name that the server can give.
    NAME_INVALID(17),
    /// The public port is in use.
    PORT_TAKEN(18),
    /// The public port is outside the server's range, or the token may not choose it.
    PORT_NOT_ALLOWED(19),
    /// The server's range of public ports is used up.
    NO_PORT_LEFT(20),
    /// The custom host belongs to another client.
    HOST_TAKEN(21),
    /// Not a host that the tunnel, or its token, can have.
    HOST_NOT_ALLOWED(22),
    /// The token may not have this name.
    NAME_NOT_ALLOWED(24),
    /// A data channel more than the server asked for.
    SURPLUS(32);

    private final int code;

    RejectCode(int code) {
        this.code = code;
    }

    @Override
    public int code() {
        return code;
    }
}
