package tunnel.protocol;

/// Why a session ends. A code that is not known here reads as {@link #OTHER}.
public enum CloseCode implements Coded {
    OTHER(0),
    /// The client leaves: its tunnels are given up.
    LEAVING(1),
    /// The server stops; the client may come back.
    SHUTDOWN(2),
    /// Another session of the same token took over. Final: the client must not come back by itself.
    SUPERSEDED(3),
    /// The peer was not heard for too long.
    TIMEOUT(4),
    /// The peer broke the protocol.
    PROTOCOL(5),
    /// The session's token was revoked or has expired. Final: no later login with it would succeed.
    REVOKED(6);

    private final int code;

    CloseCode(int code) {
        this.code = code;
    }

    @Override
    public int code() {
        return code;
    }

    /// Whether the other side must not dial again by itself.
    public boolean isFinal() {
        return this == SUPERSEDED || this == REVOKED;
    }
}
