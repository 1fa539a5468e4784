package tunnel.inspect.replay;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tunnel.events.Exchange;
import tunnel.inspect.mask.Coding;
import tunnel.inspect.mask.Masks;
import tunnel.inspect.store.CapturedBody;
import tunnel.inspect.store.Detail;
import tunnel.inspect.store.Field;
import tunnel.inspect.web.Replays.Edited;
import tunnel.inspect.web.Replays.Refused;

/// A captured request, edited or not, written anew: framed by its length, on a connection that serves it alone.
///
/// @param bytes head and body
/// @param left the fields that were left out, since only masked values of them are known
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record ReplayRequest(byte[] bytes, List<String> left) {
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}");
    private static final Pattern TARGET = Pattern.compile("/[!-~&&[^#]]{0,8191}|\\*");
    private static final Pattern VALUE = Pattern.compile("[^\\x00-\\x08\\x0A-\\x1F\\x7F]*");
    /// They say how the message went over its connection, or are written anew.
    private static final Set<String> OF_THE_CONNECTION = Set.of(
            "connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade", "content-length",
            "expect", "http2-settings", "host");

    /// @throws Refused where it cannot be sent
    /// @throws IllegalArgumentException where what was edited is no request, with a sentence for the user
    static ReplayRequest of(Detail original, @Nullable Edited edited) throws Refused {
        if (original.exchange().kind() == Exchange.Kind.TCP || original.exchange().method().isEmpty()) {
            throw new Refused("Only HTTP requests can be sent again.");
        }
        if (original.exchange().kind() == Exchange.Kind.WEBSOCKET) {
            throw new Refused("It switched protocols to a WebSocket, which cannot be sent again.");
        }
        String method = edited == null ? original.exchange().method() : edited.method();
        String path = edited == null ? original.exchange().path() : edited.path();
        check(method, path);
        byte[] given = edited == null ? null : edited.body();
        byte[] body = given != null ? given : captured(original.request());
        if (path.contains(Masks.MASK) || contains(body, Masks.MASK.getBytes(UTF_8))) {
            throw new Refused("It has masked values, which were never kept. Put them in by 'edit', and send it then.");
        }
        List<Field> fields = edited == null ? original.request().head().fields() : edited.headers();
        boolean decoded = given != null && !Coding.isIdentity(original.request().body().encoding());
        List<String> left = new ArrayList<>();
        StringBuilder head = new StringBuilder(method).append(' ').append(path).append(" HTTP/1.1\r\n");
        head.append("Host: ").append(host(fields, original)).append("\r\n");
        for (Field field : fields) {
            append(field, decoded || original.request().body().decoded(), left, head);
        }
        if (body.length > 0 || !Set.of("GET", "HEAD", "OPTIONS", "DELETE").contains(method)) {
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        head.append("Connection: close\r\n\r\n");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(head.toString().getBytes(ISO_8859_1));
        bytes.writeBytes(body);
        return new ReplayRequest(bytes.toByteArray(), List.copyOf(left));
    }

    private static void check(String method, String path) {
        if (!TOKEN.matcher(method).matches() || method.equals("CONNECT")) {
            throw new IllegalArgumentException("The method is not one that can be sent.");
        }
        if (!TARGET.matcher(path).matches()) {
            throw new IllegalArgumentException(
                    "The path begins with a slash, and has no spaces, no # and nothing but ASCII: others are percent-encoded.");
        }
    }

    private static byte[] captured(Detail.Part request) throws Refused {
        if (request.isComing()) {
            throw new Refused("Its body is still coming. Send it again when all of it is there.");
        }
        CapturedBody body = request.body();
        if (body.withheld() != null) {
            throw new Refused("Its body was not kept: " + body.withheld() + ".");
        }
        if (!body.isWhole()) {
            throw new Refused("Its body of " + body.bytes() + " bytes was not captured as a whole.");
        }
        return body.kept();
    }

    private static String host(List<Field> fields, Detail original) {
        for (Field field : fields) {
            if (field.isNamed("Host")) {
                if (!field.value().matches("[!-~]{1,300}")) {
                    throw new IllegalArgumentException("Host is no host.");
                }
                return field.value();
            }
        }
        return original.exchange().host();
    }

    private static void append(Field field, boolean decoded, List<String> left, StringBuilder head) {
        String name = field.name();
        if (!TOKEN.matcher(name).matches() || !VALUE.matcher(field.value()).matches()) {
            throw new IllegalArgumentException("The header field '" + name + "' has characters that it cannot have.");
        }
        if (field.value().contains(Masks.MASK)) {
            left.add(name);
        } else if (!OF_THE_CONNECTION.contains(name.toLowerCase(Locale.ROOT))
                && !(decoded && field.isNamed("Content-Encoding"))) {
            head.append(name).append(": ").append(octets(field.value())).append("\r\n");
        }
    }

    /// What was captured has a character for each byte already; what somebody typed beyond that goes as UTF-8.
    private static String octets(String value) {
        return value.chars().allMatch(c -> c < 256) ? value : new String(value.getBytes(UTF_8), ISO_8859_1);
    }

    private static boolean contains(byte[] bytes, byte[] wanted) {
        return new String(bytes, ISO_8859_1).contains(new String(wanted, ISO_8859_1));
    }
}
