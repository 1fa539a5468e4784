package tunnel.server.tokens;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tunnel.server.registry.PortRange;
import tunnel.server.registry.Rights;

/// What is said of a token behind its name, `key=value` each, in the file and by those who add one:
/// `created=2026-11-24T03:25:31Z names=shop-*,blog hosts=www.example.org ports=20000-20010 expires=…`. What is missing is not allowed,
/// not known or never.
public record TokenFields(Rights rights, @Nullable Instant created, @Nullable Instant expires) {
    private static final String CREATED = "created";
    private static final String NAMES = "names";
    private static final String HOSTS = "hosts";
    private static final String PORTS = "ports";
    private static final String EXPIRES = "expires";
    private static final List<String> KEYS = List.of(CREATED, NAMES, HOSTS, PORTS, EXPIRES);

    /// Reads what {@link #words} writes.
    ///
    /// @throws IllegalArgumentException with what is wrong, also for a field that is not known: it may be one that forbids
    ///     something
    public static TokenFields parse(List<String> words) {
        Map<String, String> values = new TreeMap<>();
        for (String word : words) {
            String key = word.replaceFirst("=.*", "");
            if (!word.contains("=") || !KEYS.contains(key)) {
                throw new IllegalArgumentException("'" + key + "' is not a field that this version knows");
            }
            if (values.put(key, word.substring(key.length() + 1)) != null) {
                throw new IllegalArgumentException("'" + key + "' stands there twice");
            }
        }
        Rights rights = new Rights(
                list(values.get(NAMES), UnaryOperator.identity()),
                list(values.get(HOSTS), UnaryOperator.identity()),
                list(values.get(PORTS), PortRange::parse));
        return new TokenFields(rights, time(values.get(CREATED)), time(values.get(EXPIRES)));
    }

    private static <T> List<T> list(@Nullable String value, Function<String, T> parse) {
        return value == null ? List.of() : List.of(value.split(",", -1)).stream().map(parse).toList();
    }

    private static @Nullable Instant time(@Nullable String value) {
        try {
            return value == null ? null : Instant.parse(value);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("'" + value + "' is not a time, as in 2026-11-24T03:25:31Z", e);
        }
    }

    /// The fields that are there.
    public List<String> words() {
        List<String> words = new ArrayList<>();
        add(words, CREATED, created == null ? "" : created.toString());
        add(words, NAMES, String.join(",", rights.names()));
        add(words, HOSTS, String.join(",", rights.hosts()));
        add(words, PORTS, String.join(",", rights.ports().stream().map(PortRange::toString).toList()));
        add(words, EXPIRES, expires == null ? "" : expires.toString());
        return words;
    }

    private static void add(List<String> words, String key, String value) {
        if (!value.isEmpty()) {
            words.add(key + "=" + value);
        }
    }
}
