package tunnel.client;

import java.util.List;
import java.util.stream.Collectors;
import tunnel.cli.Json;

/// A JSON object in one line (RFC 8259).
final class JsonObject {
    private final StringBuilder out = new StringBuilder();

    JsonObject text(String name, String value) {
        return add(name, Json.text(value));
    }

    JsonObject texts(String name, List<String> values) {
        return add(name, values.stream().map(Json::text).collect(Collectors.joining(",", "[", "]")));
    }

    JsonObject number(String name, long value) {
        return add(name, Long.toString(value));
    }

    private JsonObject add(String name, String json) {
        out.append(out.isEmpty() ? "" : ",").append(Json.text(name)).append(':').append(json);
        return this;
    }

    @Override
    public String toString() {
        return "{" + out + "}";
    }
}
