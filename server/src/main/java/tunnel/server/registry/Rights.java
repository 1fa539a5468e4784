package tunnel.server.registry;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import tunnel.protocol.HostNames;

/// What a token may have. Nothing is allowed that is not listed: with {@link #NONE} the server chooses name and port, and
/// there are no custom hosts.
///
/// @param names exact ones and globs, as in `shop-*`; `*` alone stands for all
/// @param hosts exact ones, `*.example.org` for all below that, or `*` for all
/// @param ports that may be chosen, and that alone are given; where there are none the server gives any and none may be chosen
public record Rights(List<String> names, List<String> hosts, List<PortRange> ports) {
    private static final String ANY = "*";
    private static final Pattern GLOB = Pattern.compile("(?!-)[a-z0-9*-]{1,63}");

    public static final Rights NONE = new Rights(List.of(), List.of(), List.of());
    public static final Rights ALL = new Rights(List.of("*"), List.of("*"), List.of(new PortRange(1, 65535)));

    /// @throws IllegalArgumentException with a sentence for the operator
    public Rights {
        names = names.stream().map(Rights::checkGlob).toList();
        hosts = hosts.stream().map(Rights::checkHost).toList();
        ports = List.copyOf(ports);
    }

    private static String checkGlob(String text) {
        String glob = text.toLowerCase(Locale.ROOT);
        if (!GLOB.matcher(glob).matches()) {
            throw new IllegalArgumentException("'" + text + "' is not a name or a pattern of names: write it as in shop or shop-*");
        }
        return glob;
    }

    private static String checkHost(String text) {
        if (text.equals(ANY)) {
            return text;
        }
        boolean below = text.startsWith("*.");
        return (below ? "*." : "") + HostNames.check(below ? text.substring(2) : text);
    }

    /// Whether a name may be asked for.
    ///
    /// @param name in lower case
    public boolean allowsName(String name) {
        return names.stream().anyMatch(glob -> matches(glob, name));
    }

    /// Goes back to the last star alone, so that no glob takes longer than the product of both lengths.
    private static boolean matches(String glob, String name) {
        int at = 0;
        int star = -1;
        int afterStar = 0; // where the name goes on behind what the star stands for
        int i = 0;
        while (i < name.length()) {
            if (at < glob.length() && glob.charAt(at) == '*') {
                star = at++;
                afterStar = i;
            } else if (at < glob.length() && glob.charAt(at) == name.charAt(i)) {
                at++;
                i++;
            } else if (star >= 0) {
                at = star + 1;
                i = ++afterStar;
            } else {
                return false;
            }
        }
        return glob.substring(at).chars().allMatch(c -> c == '*');
    }

    /// Whether a custom host may be had.
    ///
    /// @param host in lower case
    public boolean allowsHost(String host) {
        return hosts.stream()
                .anyMatch(one -> one.equals(ANY) || (one.startsWith("*.") ? host.endsWith(one.substring(1)) : host.equals(one)));
    }

    /// Whether a public port may be asked for.
    public boolean allowsPort(int port) {
        return ports.stream().anyMatch(range -> range.contains(port));
    }

    /// Whether the server may give a public port.
    public boolean mayBeGiven(int port) {
        return ports.isEmpty() || allowsPort(port);
    }
}
