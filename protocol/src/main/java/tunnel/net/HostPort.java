package tunnel.net;

import org.jspecify.annotations.Nullable;

/// A host and a port as typed: `localhost:4000`, `192.0.2.7:80`, `[2001:db8::1]:80`.
///
/// @param host a name or an address, without brackets
/// @param port 1 to 65535
public record HostPort(String host, int port) {
    private static final String FORMS = "Write HOST:PORT, as in localhost:4000 or [::1]:4000";

    public HostPort {
        if (host.isEmpty() || !host.chars().allMatch(c -> c > ' ' && c < 127 && "/@[]?#".indexOf(c) < 0)) {
            throw new IllegalArgumentException("'" + host + "' is not a host name or address. " + FORMS);
        }
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("port " + port + " is not between 1 and 65535");
        }
    }

    /// Reads `HOST:PORT`; a part that is missing is taken from the defaults, where there is one: a bare number is a port if
    /// `defaultHost` is given, otherwise a bare word is a host if `defaultPort` is not 0.
    ///
    /// @throws IllegalArgumentException with a sentence for the user
    public static HostPort parse(String text, @Nullable String defaultHost, int defaultPort) {
        if (text.contains("://")) {
            throw new IllegalArgumentException("'" + text + "' is a URL. " + FORMS);
        }
        if (defaultHost != null && !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return new HostPort(defaultHost, port(text));
        }
        int colon = text.lastIndexOf(':');
        int bracket = text.lastIndexOf(']');
        boolean hasPort = colon > bracket;
        if (!hasPort && defaultPort == 0) {
            throw new IllegalArgumentException("'" + text + "' has no port. " + FORMS);
        }
        String host = hasPort ? text.substring(0, colon) : text;
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0) {
            throw new IllegalArgumentException("'" + text + "': an IPv6 address needs brackets. " + FORMS);
        }
        return new HostPort(host, hasPort ? port(text.substring(colon + 1)) : defaultPort);
    }

    private static int port(String digits) {
        if (!digits.matches("[0-9]{1,9}")) {
            throw new IllegalArgumentException("'" + digits + "' is not a port number");
        }
        return Integer.parseInt(digits);
    }

    @Override
    public String toString() {
        return Addresses.hostPort(host, port);
    }
}
