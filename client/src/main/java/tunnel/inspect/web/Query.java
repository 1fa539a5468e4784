package tunnel.inspect.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.URLDecoder;
import java.util.LinkedHashMap;
import java.util.Map;

/// A URL's query, decoded; of several with one name the first counts.
final class Query {
    private Query() {}

    /// @throws IllegalArgumentException where a percent sign is followed by something else than digits
    static Map<String, String> of(URI uri) {
        Map<String, String> query = new LinkedHashMap<>();
        String raw = uri.getRawQuery();
        if (raw != null) {
            for (String pair : raw.split("&", -1)) {
                int equals = pair.indexOf('=');
                String name = equals < 0 ? pair : pair.substring(0, equals);
                String value = equals < 0 ? "" : pair.substring(equals + 1);
                query.putIfAbsent(URLDecoder.decode(name, UTF_8), URLDecoder.decode(value, UTF_8));
            }
        }
        return query;
    }

    /// A whole number, or the default where it is not there.
    ///
    /// @throws IllegalArgumentException with a sentence for the user
    static long number(Map<String, String> query, String name, long missing) {
        String text = query.get(name);
        if (text == null || text.isEmpty()) {
            return missing;
        }
        try {
            return Math.max(0, Long.parseLong(text));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " is a number.", e);
        }
    }
}
