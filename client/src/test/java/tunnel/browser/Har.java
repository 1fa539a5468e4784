package tunnel.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A strict reader of HAR 1.2: JSON without twins, with all that the specification says must be there, of its type.
final class Har {
    private Har() {}

    /// The entries of an archive, each checked.
    static List<?> entries(String text) throws IOException {
        Map<?, ?> log = (Map<?, ?>) at(json(text), "log");
        assertThat(log.get("version")).isEqualTo("1.2");
        assertThat(at(log, "creator", "name")).isInstanceOf(String.class);
        assertThat(at(log, "creator", "version")).isInstanceOf(String.class);
        List<?> entries = (List<?>) at(log, "entries");
        entries.forEach(Har::check);
        return entries;
    }

    private static void check(Object entry) {
        var _ = OffsetDateTime.parse((String) at(entry, "startedDateTime"));
        assertThat(at(entry, "time")).isInstanceOf(Number.class);
        assertThat(at(entry, "cache")).isInstanceOf(Map.class);
        for (String phase : List.of("send", "wait", "receive")) {
            assertThat(((Number) at(entry, "timings", phase)).doubleValue()).isGreaterThanOrEqualTo(0);
        }
        for (String name : List.of("method", "url", "httpVersion")) {
            assertThat(at(entry, "request", name)).isInstanceOf(String.class);
        }
        assertThat(at(entry, "request", "queryString")).isInstanceOf(List.class);
        for (String name : List.of("statusText", "httpVersion", "redirectURL")) {
            assertThat(at(entry, "response", name)).isInstanceOf(String.class);
        }
        assertThat(at(entry, "response", "status")).isInstanceOf(Number.class);
        assertThat(at(entry, "response", "content", "mimeType")).isInstanceOf(String.class);
        assertThat(at(entry, "response", "content", "size")).isInstanceOf(Number.class);
        for (String side : List.of("request", "response")) {
            assertThat(at(entry, side, "cookies")).isInstanceOf(List.class);
            assertThat(at(entry, side, "headersSize")).isInstanceOf(Number.class);
            assertThat(at(entry, side, "bodySize")).isInstanceOf(Number.class);
            assertThat((List<?>) at(entry, side, "headers"))
                    .allSatisfy(field -> assertThat(((Map<?, ?>) field).keySet().toString()).contains("name").contains("value"));
        }
    }

    /// What is at these names below each other, which must be there.
    static Object at(Object where, String... names) {
        Object found = where;
        for (String name : names) {
            found = Objects.requireNonNull(((Map<?, ?>) found).get(name), () -> name + " is missing in " + where);
        }
        return found;
    }

    static Object json(String text) throws IOException {
        JsonFactory strict = JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
        try (JsonParser parser = strict.createParser(text)) {
            parser.nextToken();
            Object value = Objects.requireNonNull(value(parser));
            assertThat(parser.nextToken()).as("behind the end").isNull();
            return value;
        }
    }

    private static @Nullable Object value(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                Map<String, @Nullable Object> map = new LinkedHashMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    parser.nextToken();
                    map.put(name, value(parser));
                }
                yield map;
            }
            case START_ARRAY -> {
                List<@Nullable Object> list = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    list.add(value(parser));
                }
                yield list;
            }
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getNumberValue();
            case VALUE_NULL -> null;
            default -> parser.getBooleanValue();
        };
    }
}
