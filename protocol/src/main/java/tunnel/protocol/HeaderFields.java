package tunnel.protocol;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// Which header fields a tunnel may set or remove: none by which HTTP frames, routes or upgrades its messages, and none in
/// which the edge tells the local service about the visitor.
final class HeaderFields {
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+"); // RFC 9110, section 5.6.2
    private static final Set<String> RESERVED = Set.of(
            "host", "connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "content-length",
            "upgrade", "expect", "forwarded", "via");
    private static final String RESERVED_PREFIX = "x-forwarded-";

    private HeaderFields() {}

    static void checkName(String name) {
        if (!TOKEN.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "'" + HostNames.shown(name) + "' is not the name of a header field: write it as in X-Robots-Tag");
        }
        // apps behind CGI cannot tell X_Forwarded_For from X-Forwarded-For
        String plain = name.toLowerCase(Locale.ROOT).replace('_', '-');
        if (RESERVED.contains(plain) || plain.startsWith(RESERVED_PREFIX)) {
            throw new IllegalArgumentException("the header field " + HostNames.shown(name) + " cannot be set: the server"
                    + " itself needs it" + (plain.equals("host") ? ". For the app's Host there is --host-header" : ""));
        }
    }

    static void checkValue(String value) {
        if (!value.chars().allMatch(c -> (c >= ' ' && c <= '~') || c == '\t')) {
            throw new IllegalArgumentException(
                    "the value of a header field has other characters than visible ASCII, spaces and tabs");
        }
        if (!value.equals(value.strip())) {
            throw new IllegalArgumentException("the value of a header field begins or ends with a space");
        }
    }
}
