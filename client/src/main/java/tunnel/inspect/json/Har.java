package tunnel.inspect.json;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tunnel.events.Exchange;
import tunnel.inspect.store.CapturedBody;
import tunnel.inspect.store.CapturedHead;
import tunnel.inspect.store.Detail;
import tunnel.inspect.store.Field;
import tunnel.inspect.store.Message;
import tunnel.inspect.store.Recorded;
import tunnel.inspect.store.Timings;

/// Exchanges as an HTTP Archive, version 1.2 (http://www.softwareishard.com/blog/har-12-spec/), which browsers' tools read.
public final class Har {
    private static final int MOST_DECODED = 1 << 20;
    private static final int UNKNOWN = -1;

    private Har() {}

    /// A whole archive. Of each exchange only HTTP's is in it.
    public static void write(JsonGenerator json, String version, Iterable<Recorded> exchanges) throws IOException {
        begin(json, version);
        for (Recorded one : exchanges) {
            Detail detail = one.detail();
            if (isHttp(detail)) {
                entry(json, detail);
            }
        }
        end(json);
    }

    /// Whether an archive can have it.
    public static boolean isHttp(Detail detail) {
        return detail.exchange().kind() != Exchange.Kind.TCP && !detail.exchange().method().isEmpty();
    }

    /// What stands before the entries.
    public static void begin(JsonGenerator json, String version) throws IOException {
        json.writeStartObject();
        json.writeObjectFieldStart("log");
        json.writeStringField("version", "1.2");
        json.writeObjectFieldStart("creator");
        json.writeStringField("name", "tunnel-client");
        json.writeStringField("version", version);
        json.writeEndObject();
        json.writeArrayFieldStart("entries");
    }

    /// What stands behind them.
    public static void end(JsonGenerator json) throws IOException {
        json.writeEndArray();
        json.writeEndObject();
        json.writeEndObject();
    }

    /// One exchange.
    public static void entry(JsonGenerator json, Detail detail) throws IOException {
        Exchange exchange = detail.exchange();
        json.writeStartObject();
        json.writeStringField("startedDateTime", exchange.started().toString());
        json.writeNumberField("time", millis(time(detail.timings())));
        json.writeFieldName("request");
        request(json, detail);
        json.writeFieldName("response");
        response(json, detail.response());
        json.writeObjectFieldStart("cache");
        json.writeEndObject();
        json.writeFieldName("timings");
        timings(json, detail.timings());
        json.writeStringField("comment", comment(exchange));
        if (exchange.kind() == Exchange.Kind.WEBSOCKET) {
            messages(json, detail);
        }
        json.writeEndObject();
    }

    private static String comment(Exchange exchange) {
        return "tunnel " + exchange.tunnel()
                + (exchange.visitor().isEmpty() ? "" : ", visitor " + exchange.visitor())
                + (exchange.replayOf() == 0 ? "" : ", repeats " + exchange.replayOf())
                + (exchange.failure() == null ? "" : ", failed: " + exchange.failure());
    }

    /// The sum of what {@link #timings} writes, as the format wants it.
    private static long time(Timings timings) {
        return blocked(timings) + timings.local() + timings.body();
    }

    /// Dial and what the server had before count as waiting to be sent.
    private static long blocked(Timings timings) {
        Long edge = timings.edge();
        return (edge == null ? 0 : edge) + timings.queue();
    }

    private static double millis(long micros) {
        return micros / 1000.0;
    }

    private static void request(JsonGenerator json, Detail detail) throws IOException {
        CapturedHead head = detail.request().head();
        json.writeStartObject();
        json.writeStringField("method", detail.exchange().method());
        json.writeStringField("url", url(detail));
        json.writeStringField("httpVersion", head.part(2));
        empty(json, "cookies"); // masked
        fields(json, head.fields());
        query(json, detail.exchange().path());
        if (detail.request().body().bytes() > 0) {
            json.writeFieldName("postData");
            posted(json, detail.request().body());
        }
        json.writeNumberField("headersSize", head.size());
        json.writeNumberField("bodySize", detail.request().body().bytes());
        json.writeEndObject();
    }

    private static String url(Detail detail) {
        String proto = detail.request().head().value("X-Forwarded-Proto");
        String path = detail.exchange().path();
        return (proto.equals("https") ? "https" : "http") + "://" + detail.exchange().host()
                + (path.startsWith("/") ? path : "/");
    }

    private static void response(JsonGenerator json, Detail.@Nullable Part response) throws IOException {
        json.writeStartObject();
        CapturedHead head = response == null ? CapturedHead.NONE : response.head();
        json.writeNumberField("status", response == null ? 0 : number(head.part(1)));
        json.writeStringField("statusText", head.part(2));
        json.writeStringField("httpVersion", head.part(0));
        empty(json, "cookies");
        fields(json, head.fields());
        json.writeFieldName("content");
        content(json, response == null ? CapturedBody.NONE : response.body());
        json.writeStringField("redirectURL", head.value("Location"));
        json.writeNumberField("headersSize", response == null ? UNKNOWN : head.size());
        json.writeNumberField("bodySize", response == null ? UNKNOWN : response.body().bytes());
        json.writeEndObject();
    }

    private static void empty(JsonGenerator json, String name) throws IOException {
        json.writeArrayFieldStart(name);
        json.writeEndArray();
    }

    private static void fields(JsonGenerator json, List<Field> fields) throws IOException {
        json.writeArrayFieldStart("headers");
        for (Field field : fields) {
            pair(json, field.name(), field.value());
        }
        json.writeEndArray();
    }

    private static void query(JsonGenerator json, String path) throws IOException {
        json.writeArrayFieldStart("queryString");
        int mark = path.indexOf('?');
        if (mark >= 0 && mark + 1 < path.length()) {
            for (String one : path.substring(mark + 1).split("&", -1)) {
                int equals = one.indexOf('=');
                pair(json, equals < 0 ? one : one.substring(0, equals), equals < 0 ? "" : one.substring(equals + 1));
            }
        }
        json.writeEndArray();
    }

    private static void pair(JsonGenerator json, String name, String value) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", name);
        json.writeStringField("value", value);
        json.writeEndObject();
    }

    private static void posted(JsonGenerator json, CapturedBody body) throws IOException {
        BodyText shown = BodyText.of(body, MOST_DECODED);
        json.writeStartObject();
        json.writeStringField("mimeType", body.type());
        empty(json, "params");
        text(json, shown);
        json.writeStringField("comment", remark(body, shown));
        json.writeEndObject();
    }

    private static void content(JsonGenerator json, CapturedBody body) throws IOException {
        BodyText shown = BodyText.of(body, MOST_DECODED);
        json.writeStartObject();
        json.writeNumberField("size", body.bytes());
        json.writeStringField("mimeType", body.type().isEmpty() ? "x-unknown" : body.type());
        if (body.bytes() > 0) {
            text(json, shown);
        }
        json.writeStringField("comment", remark(body, shown));
        json.writeEndObject();
    }

    private static void text(JsonGenerator json, BodyText shown) throws IOException {
        if (shown.text() != null) {
            json.writeStringField("text", shown.text());
        } else {
            json.writeStringField("text", Base64.getEncoder().encodeToString(shown.bytes()));
            json.writeStringField("encoding", "base64");
        }
    }

    private static String remark(CapturedBody body, BodyText shown) {
        return body.withheld() != null ? "left out: " + body.withheld() : shown.truncated() ? "cut off" : "";
    }

    private static void timings(JsonGenerator json, Timings timings) throws IOException {
        json.writeStartObject();
        json.writeNumberField("blocked", millis(blocked(timings)));
        json.writeNumberField("dns", UNKNOWN);
        json.writeNumberField("connect", UNKNOWN);
        json.writeNumberField("send", 0);
        json.writeNumberField("wait", millis(timings.local()));
        json.writeNumberField("receive", millis(timings.body()));
        json.writeNumberField("ssl", UNKNOWN);
        json.writeEndObject();
    }

    /// As Chromium exports them.
    private static void messages(JsonGenerator json, Detail detail) throws IOException {
        json.writeArrayFieldStart("_webSocketMessages");
        double began = detail.exchange().started().toEpochMilli() / 1000.0;
        for (Message message : detail.messages()) {
            if (message.type() == Message.Type.TEXT || message.type() == Message.Type.BINARY) {
                boolean text = message.type() == Message.Type.TEXT;
                String shown = text ? BodyText.text(message.kept(), "text/plain", message.truncated()) : null;
                json.writeStartObject();
                json.writeStringField("type", message.fromVisitor() ? "send" : "receive");
                json.writeNumberField("time", began + message.at() / 1e6);
                json.writeNumberField("opcode", text ? 1 : 2);
                json.writeStringField("data", shown != null ? shown : Base64.getEncoder().encodeToString(message.kept()));
                json.writeEndObject();
            }
        }
        json.writeEndArray();
    }

    static int number(String digits) {
        try {
            return Integer.parseInt(digits);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
