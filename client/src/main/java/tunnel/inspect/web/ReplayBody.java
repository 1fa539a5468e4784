package tunnel.inspect.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tunnel.inspect.json.Json;
import tunnel.inspect.store.Field;

/// Reads what is to be sent in place of a captured request.
final class ReplayBody {
    private ReplayBody() {}

    /// @throws IllegalArgumentException with a sentence for the user
    static Replays.@Nullable Edited read(byte[] bytes) {
        if (bytes.length == 0) {
            return null;
        }
        Object value;
        try {
            value = Json.read(bytes);
        } catch (IOException e) {
            throw new IllegalArgumentException("The body is no JSON.", e);
        }
        if (!(value instanceof Map<?, ?> map)) {
            throw new IllegalArgumentException("The body is an object with method, path, headers, and text or base64.");
        }
        if (map.isEmpty()) {
            return null;
        }
        return new Replays.Edited(text(map, "method"), text(map, "path"), fields(map.get("headers")), body(map));
    }

    private static String text(Map<?, ?> map, String name) {
        if (map.get(name) instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException(name + " is missing, or is no text.");
    }

    private static List<Field> fields(@Nullable Object value) {
        List<Field> fields = new ArrayList<>();
        if (value instanceof List<?> list) {
            for (Object one : list) {
                if (one instanceof List<?> pair
                        && pair.size() == 2
                        && pair.getFirst() instanceof String name
                        && pair.getLast() instanceof String text) {
                    fields.add(new Field(name, text));
                } else {
                    throw new IllegalArgumentException("headers has something that is no pair of name and value.");
                }
            }
            return fields;
        }
        throw new IllegalArgumentException("headers is missing, or is no list of pairs.");
    }

    private static byte @Nullable [] body(Map<?, ?> map) {
        if (map.get("text") instanceof String text) {
            return text.getBytes(UTF_8);
        }
        if (map.get("base64") instanceof String coded) {
            try {
                return Base64.getDecoder().decode(coded);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("base64 is none.", e);
            }
        }
        return null;
    }
}
