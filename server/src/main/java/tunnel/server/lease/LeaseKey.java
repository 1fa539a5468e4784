package tunnel.server.lease;

/// What a lease is of.
///
/// @param what the name, the host in lower case, or the port in decimal digits
public record LeaseKey(Kind kind, String what) {
    /// The kinds of thing that are leased.
    public enum Kind {
        NAME,
        HOST,
        PORT
    }

    public static LeaseKey name(String name) {
        return new LeaseKey(Kind.NAME, name);
    }

    public static LeaseKey host(String host) {
        return new LeaseKey(Kind.HOST, host);
    }

    public static LeaseKey port(int port) {
        return new LeaseKey(Kind.PORT, Integer.toString(port));
    }
}
