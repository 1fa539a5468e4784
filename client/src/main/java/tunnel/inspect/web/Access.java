package tunnel.inspect.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Who may look: whoever knows this run's token, from a page of this very address or from no page at all. Other users of this
/// machine can reach the port, and so can every page that its browser shows.
final class Access {
    /// Cookies know no ports: the name keeps those of two clients apart.
    private static final String COOKIE = "tunnel_inspector_";
    private static final String OWN_HEADER = "X-Tunnel-Inspector"; // no page can have it sent to another origin unasked

    private final String token;
    private final int port;

    /// @param port ours
    Access(String token, int port) {
        this.token = token;
        this.port = port;
    }

    /// 256 random bits, in letters that a URL takes.
    static String newToken() {
        byte[] bits = new byte[32];
        new SecureRandom().nextBytes(bits);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
    }

    String token() {
        return token;
    }

    /// Why not.
    record Refusal(int status, String sentence) {}

    /// Against DNS rebinding: a page whose name was made to lead here has its own name in Host.
    boolean isHostOurs(HttpExchange exchange) {
        List<String> hosts = exchange.getRequestHeaders().get("Host");
        return hosts != null && hosts.size() == 1 && isOurs(hosts.getFirst());
    }

    private boolean isOurs(String authority) {
        String behind = port == 80 ? "(:80)?" : ":" + port;
        return authority.toLowerCase(Locale.ROOT).matches("(localhost|127\\.0\\.0\\.1|\\[::1\\])" + behind);
    }

    /// Whether it is the address that was printed.
    boolean hasTokenInQuery(HttpExchange exchange) {
        String query = exchange.getRequestURI().getRawQuery();
        return exchange.getRequestURI().getPath().equals("/")
                && query != null
                && query.startsWith("token=")
                && isToken(query.substring("token=".length()));
    }

    /// For `Set-Cookie`. It ends with the browser, and says nothing once this client has ended.
    String cookie() {
        return COOKIE + port + "=" + token + "; HttpOnly; SameSite=Strict; Path=/";
    }

    /// Null where it may.
    @Nullable Refusal refusal(HttpExchange exchange) {
        Headers headers = exchange.getRequestHeaders();
        boolean bearer = isBearer(headers.getFirst("Authorization"));
        if (!bearer && !hasCookie(headers.get("Cookie"))) {
            return new Refusal(401, "Use the address with the token that tunnel-client printed, or send the token as 'Authorization: Bearer'.");
        }
        if (!exchange.getRequestURI().getPath().startsWith("/api/")) {
            return null; // the page itself, to which other pages may have links
        }
        String origin = headers.getFirst("Origin");
        if (origin != null && !(origin.startsWith("http://") && isOurs(origin.substring("http://".length())))) {
            return new Refusal(403, "Another page's requests are not answered.");
        }
        String site = headers.getFirst("Sec-Fetch-Site");
        boolean changes = !exchange.getRequestMethod().equals("GET") && !exchange.getRequestMethod().equals("HEAD");
        if (site != null && !site.equals("same-origin") && (changes || !site.equals("none"))) {
            return new Refusal(403, "Another page's requests are not answered.");
        }
        if (changes && !bearer && (origin == null || !"1".equals(headers.getFirst(OWN_HEADER)))) {
            return new Refusal(403, "What changes something needs the header " + OWN_HEADER + ": 1, and comes from the inspector's page.");
        }
        return null;
    }

    private boolean isBearer(@Nullable String authorization) {
        return authorization != null
                && authorization.regionMatches(true, 0, "Bearer ", 0, 7)
                && isToken(authorization.substring(7).strip());
    }

    private boolean hasCookie(@Nullable List<String> fields) {
        if (fields == null) {
            return false;
        }
        for (String field : fields) {
            for (String cookie : field.split(";", -1)) {
                int equals = cookie.indexOf('=');
                if (equals > 0
                        && cookie.substring(0, equals).strip().equals(COOKIE + port)
                        && isToken(cookie.substring(equals + 1).strip())) {
                    return true;
                }
            }
        }
        return false;
    }

    /// In constant time.
    private boolean isToken(String given) {
        return MessageDigest.isEqual(given.getBytes(UTF_8), token.getBytes(UTF_8));
    }
}
