package tunnel.server.registry;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How visitors reach the HTTP edge by name: directly, or by something in front of it that holds the certificate.
///
/// @param scheme `http` or `https`
public record PublicUrl(String scheme, int port) {
    private static final int HTTP = 80;
    private static final int HTTPS = 443;
    private static final Pattern FORM = Pattern.compile("(?i)(https?)://\\*\\.([^/:?#@]+?)\\.?(?::([0-9]{1,5}))?");

    /// Without anything in front.
    ///
    /// @param httpPort as bound
    public static PublicUrl direct(int httpPort) {
        return new PublicUrl("http", httpPort);
    }

    /// Reads `https://*.tunnel.example.com[:PORT]`.
    ///
    /// @param domain the server's, which has to be the one in the URL
    /// @throws IllegalArgumentException with a sentence for the user
    public static PublicUrl parse(String text, String domain) {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches() || !parts.group(2).equalsIgnoreCase(domain)) {
            throw wrong(text, domain);
        }
        String scheme = parts.group(1).equalsIgnoreCase("https") ? "https" : "http";
        String digits = parts.group(3);
        int port = digits == null ? defaultPort(scheme) : Integer.parseInt(digits);
        if (port < 1 || port > 65535) {
            throw wrong(text, domain);
        }
        return new PublicUrl(scheme, port);
    }

    private static IllegalArgumentException wrong(String text, String domain) {
        return new IllegalArgumentException(
                "'" + text + "' is not the address of this server's tunnels: write it as in https://*." + domain);
    }

    private static int defaultPort(String scheme) {
        return scheme.equals("https") ? HTTPS : HTTP;
    }

    /// What visitors type for a host.
    String of(String host) {
        return scheme + "://" + host + (port == defaultPort(scheme) ? "" : ":" + port);
    }
}
