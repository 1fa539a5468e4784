package tunnel.inspect.json;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tunnel.events.Exchange;
import tunnel.inspect.store.CapturedBody;
import tunnel.inspect.store.CapturedHead;
import tunnel.inspect.store.Detail;
import tunnel.inspect.store.Field;
import tunnel.inspect.store.Message;
import tunnel.inspect.store.Timings;

/// Exchanges as `docs/inspector.md` has them.
public final class ExchangeJson {
    /// What a body may be when it is decoded.
    private static final int MOST_DECODED = 1 << 20;

    private ExchangeJson() {}

    /// What lists show.
    public static void write(JsonGenerator json, Exchange exchange) throws IOException {
        json.writeStartObject();
        fields(json, exchange);
        json.writeEndObject();
    }

    private static void fields(JsonGenerator json, Exchange exchange) throws IOException {
        json.writeNumberField("id", exchange.id());
        json.writeStringField("tunnel", exchange.tunnel());
        json.writeStringField("started", exchange.started().toString());
        json.writeStringField("visitor", exchange.visitor());
        json.writeStringField("kind", exchange.kind().name().toLowerCase(Locale.ROOT));
        json.writeStringField("method", exchange.method());
        json.writeStringField("host", exchange.host());
        json.writeStringField("path", exchange.path());
        json.writeNumberField("status", exchange.status());
        json.writeStringField("state", exchange.state().name().toLowerCase(Locale.ROOT));
        json.writeStringField("failure", exchange.failure());
        json.writeNumberField("micros", exchange.micros());
        json.writeNumberField("requestBytes", exchange.requestBytes());
        json.writeNumberField("responseBytes", exchange.responseBytes());
        json.writeStringField("type", exchange.type());
        json.writeNumberField("replayOf", exchange.replayOf());
    }

    /// All there is.
    public static void write(JsonGenerator json, Detail detail) throws IOException {
        json.writeStartObject();
        fields(json, detail.exchange());
        json.writeFieldName("request");
        request(json, detail.request());
        json.writeFieldName("response");
        response(json, detail.response());
        json.writeFieldName("timings");
        timings(json, detail.timings());
        json.writeArrayFieldStart("messages");
        for (Message message : detail.messages()) {
            message(json, message);
        }
        json.writeEndArray();
        json.writeNumberField("messagesDropped", detail.messagesDropped());
        json.writeArrayFieldStart("masked");
        for (String name : detail.masked()) {
            json.writeString(name);
        }
        json.writeEndArray();
        json.writeStringField("curl", Curl.command(detail));
        json.writeEndObject();
    }

    private static void request(JsonGenerator json, Detail.Part request) throws IOException {
        json.writeStartObject();
        json.writeStringField("version", version(request.head().part(2)));
        rest(json, request);
    }

    private static void response(JsonGenerator json, Detail.@Nullable Part response) throws IOException {
        if (response == null) {
            json.writeNull();
            return;
        }
        json.writeStartObject();
        json.writeStringField("version", version(response.head().part(0)));
        json.writeNumberField("status", Har.number(response.head().part(1)));
        json.writeStringField("reason", response.head().part(2));
        rest(json, response);
    }

    private static String version(String text) {
        return text.startsWith("HTTP/") ? text.substring("HTTP/".length()) : text;
    }

    private static void rest(JsonGenerator json, Detail.Part part) throws IOException {
        fields(json, "headers", part.head().fields());
        fields(json, "trailers", part.trailers() == CapturedHead.NONE ? List.of() : part.trailers().trailers());
        json.writeFieldName("body");
        body(json, part.body());
        json.writeEndObject();
    }

    private static void fields(JsonGenerator json, String name, List<Field> fields) throws IOException {
        json.writeArrayFieldStart(name);
        for (Field field : fields) {
            json.writeStartArray();
            json.writeString(field.name());
            json.writeString(field.value());
            json.writeEndArray();
        }
        json.writeEndArray();
    }

    private static void body(JsonGenerator json, CapturedBody body) throws IOException {
        BodyText shown = BodyText.of(body, MOST_DECODED);
        json.writeStartObject();
        json.writeNumberField("bytes", body.bytes());
        json.writeNumberField("captured", body.kept().length);
        json.writeBooleanField("truncated", shown.truncated());
        json.writeStringField("type", body.type());
        json.writeStringField("encoding", body.encoding());
        json.writeBooleanField("decoded", shown.decoded());
        json.writeStringField("withheld", body.withheld());
        json.writeStringField("text", shown.text());
        json.writeStringField("base64", shown.text() == null ? Base64.getEncoder().encodeToString(shown.bytes()) : null);
        json.writeEndObject();
    }

    private static void timings(JsonGenerator json, Timings timings) throws IOException {
        json.writeStartObject();
        json.writeFieldName("edgeMicros");
        Long edge = timings.edge();
        if (edge == null) {
            json.writeNull();
        } else {
            json.writeNumber(edge);
        }
        json.writeNumberField("queueMicros", timings.queue());
        json.writeNumberField("localMicros", timings.local());
        json.writeNumberField("bodyMicros", timings.body());
        json.writeEndObject();
    }

    private static void message(JsonGenerator json, Message message) throws IOException {
        boolean isText = message.type() == Message.Type.TEXT || message.type() == Message.Type.EVENT;
        String text = isText ? BodyText.text(message.kept(), "text/plain", message.truncated()) : null;
        json.writeStartObject();
        json.writeNumberField("at", message.at());
        json.writeStringField("from", message.fromVisitor() ? "visitor" : "local");
        json.writeStringField("type", message.type().name().toLowerCase(Locale.ROOT));
        json.writeStringField("text", text);
        json.writeStringField("base64", text == null ? Base64.getEncoder().encodeToString(message.kept()) : null);
        json.writeNumberField("bytes", message.bytes());
        json.writeBooleanField("truncated", message.truncated());
        json.writeEndObject();
    }
}
