package tunnel.http;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A host with or without a port, as in the Host field (RFC 9110, section 7.2).
///
/// @param name in lower case, without a dot at its end, an IPv6 address in its brackets
/// @param port 1 to 65535, or 0 where there is none
public record Host(String name, int port) {
    private static final int LONGEST = 255; // RFC 1035, section 2.3.4

    /// Reads one, or answers null where it is none: there is something else in it, an empty label or port, user information.
    static @Nullable Host read(ByteBuffer bytes, int from, int to) {
        return to - from > LONGEST + 6 || from == to ? null : parse(Octets.text(bytes, from, to));
    }

    /// Reads one, or answers null.
    public static @Nullable Host parse(String text) {
        int bracket = text.startsWith("[") ? text.indexOf(']') : -1;
        int colon = text.indexOf(':', bracket + 1);
        String name = (colon < 0 ? text : text.substring(0, colon)).toLowerCase(Locale.ROOT);
        int port = colon < 0 ? 0 : port(text, colon + 1);
        if (port < 0 || name.length() > LONGEST || !(bracket >= 0 ? isAddress(name) : isName(name))) {
            return null;
        }
        return new Host(name.endsWith(".") ? name.substring(0, name.length() - 1) : name, port);
    }

    private static int port(String text, int from) {
        int digits = text.length() - from;
        int port = 0;
        for (int i = from; i < text.length() && digits <= 5; i++) {
            if (!Octets.isDigit(text.charAt(i))) {
                return -1;
            }
            port = port * 10 + text.charAt(i) - '0';
        }
        return digits < 1 || digits > 5 || port < 1 || port > 65535 ? -1 : port;
    }

    private static boolean isAddress(String name) {
        if (name.length() < 4 || !name.endsWith("]")) {
            return false;
        }
        String inner = name.substring(1, name.length() - 1);
        for (int i = 0; i < inner.length(); i++) {
            char c = inner.charAt(i);
            if (Octets.hex(c) < 0 && c != ':' && c != '.') {
                return false;
            }
        }
        try {
            return inner.indexOf(':') >= 0 && InetAddress.ofLiteral(inner) != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean isName(String name) {
        char before = '.';
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean plain = (c >= 'a' && c <= 'z') || Octets.isDigit(c) || c == '-' || c == '_';
            if (!plain && (c != '.' || before == '.')) {
                return false;
            }
            before = c;
        }
        return !name.isEmpty();
    }

    @Override
    public String toString() {
        return port == 0 ? name : name + ":" + port;
    }
}
