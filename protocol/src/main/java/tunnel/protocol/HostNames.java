package tunnel.protocol;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tunnel.net.Cidr;

/// Hosts as visitors type them, and as they stand in `Host`.
public final class HostNames {
    private static final int LONGEST = 253; // RFC 1035, section 2.3.4, as text
    private static final String LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
    /// The last label is no number, or it would be an address (RFC 1123, section 2.1; the URL standard's "ends in a number").
    private static final Pattern NAME = Pattern.compile("(" + LABEL + "\\.)*(?!([0-9]+|0x[0-9a-f]*)$)" + LABEL);
    /// Names of local services have underscores in some places, such as container networks.
    private static final Pattern HEADER =
            Pattern.compile("([A-Za-z0-9_]([A-Za-z0-9_.-]{0,251}[A-Za-z0-9_])?|\\[(?<six>[0-9A-Fa-f:.]+)])"
                    + "(:(?<port>[1-9][0-9]{0,4}))?");

    /// One that is much too long would make a `Reject` that is too long too.
    private static final int LONGEST_SHOWN = 64;

    private HostNames() {}

    /// The host as it is kept and compared, in lower case.
    ///
    /// @throws IllegalArgumentException with a sentence for the user
    public static String check(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        if (lower.length() > LONGEST || !NAME.matcher(lower).matches()) {
            throw new IllegalArgumentException(
                    "'" + shown(host) + "' is not a host name: write it as in www.example.org, without a port");
        }
        return lower;
    }

    static void checkLowerCase(String host) {
        if (!check(host).equals(host)) {
            throw new IllegalArgumentException("'" + shown(host) + "' is not in lower case");
        }
    }

    /// A value for `Host`: a name or an address, perhaps with a port.
    ///
    /// @throws IllegalArgumentException with a sentence for the user
    public static String checkHeader(String value) {
        Matcher matcher = HEADER.matcher(value);
        if (!matcher.matches()
                || value.contains("..")
                || (matcher.group("port") != null && Integer.parseInt(matcher.group("port")) > 65535)
                || (matcher.group("six") != null && !isAddress(matcher.group("six")))) {
            throw new IllegalArgumentException(
                    "'" + shown(value) + "' is not a host: write it as in localhost:4000 or app.example.org");
        }
        return value;
    }

    private static boolean isAddress(String six) {
        try {
            return six.indexOf(':') >= 0 && Cidr.parse(six).prefix() > 0;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /// Cut where it is too long for a message.
    static String shown(String text) {
        return text.length() > LONGEST_SHOWN ? text.substring(0, LONGEST_SHOWN) + "…" : text;
    }
}
