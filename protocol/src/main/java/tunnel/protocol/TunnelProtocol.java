package tunnel.protocol;

/// What a tunnel carries.
public enum TunnelProtocol implements Coded {
    /// HTTP: reachable by name at the HTTP edge, and at a public port of its own.
    HTTP(1),
    /// Any TCP protocol: reachable at a public port.
    TCP(2);

    private final int code;

    TunnelProtocol(int code) {
        this.code = code;
    }

    @Override
    public int code() {
        return code;
    }
}
