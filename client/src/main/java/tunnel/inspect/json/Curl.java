package tunnel.inspect.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Locale;
import tunnel.inspect.store.CapturedBody;
import tunnel.inspect.store.Detail;
import tunnel.inspect.store.Field;

/// A request as a command line for a POSIX shell, in which nothing of the request means anything to the shell or to curl but what it
/// is: quoted, and only in places where curl takes a value as it is.
public final class Curl {
    /// What curl sets itself, or what the edge has added.
    private static final List<String> LEFT_OUT = List.of(
            "host", "content-length", "connection", "transfer-encoding", "te", "trailer", "via", "x-request-id",
            "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "expect");

    /// Linux takes no longer word in a program's arguments than 128 KiB; what is built into a shell may have longer ones.
    private static final int LONGEST_WORD = 100_000;

    private Curl() {}

    /// The request to the public address that the visitor used, as far as it is known; empty where it is no HTTP.
    public static String command(Detail detail) {
        String method = detail.exchange().method();
        if (method.isEmpty()) {
            return "";
        }
        StringBuilder command = new StringBuilder("curl --globoff --path-as-is");
        boolean head = method.equals("HEAD");
        CapturedBody body = detail.request().body();
        if (head) {
            command.append(" --head");
        } else if (!method.equals("GET") || body.bytes() > 0) {
            command.append(" --request ").append(quoted(method));
        }
        command.append(" --url ").append(quoted(url(detail)));
        for (Field field : detail.request().head().fields()) {
            if (!LEFT_OUT.contains(field.name().toLowerCase(Locale.ROOT)) && !isEncoding(field, body)) {
                String line = field.value().isEmpty() ? field.name() + ";" : field.name() + ": " + field.value();
                command.append(" --header ").append(quoted(utf8(line)));
            }
        }
        withoutDefaults(detail, command);
        body(body, command);
        return command.toString();
    }

    /// Fields that curl would add by itself.
    private static void withoutDefaults(Detail detail, StringBuilder command) {
        for (String name : detail.request().body().bytes() > 0 ? List.of("User-Agent", "Accept", "Content-Type")
                : List.of("User-Agent", "Accept")) {
            if (detail.request().head().fields().stream().noneMatch(field -> field.isNamed(name))) {
                command.append(" --header '").append(name).append(":'");
            }
        }
        if (!detail.request().head().value("Accept-Encoding").isEmpty()) {
            command.append(" --compressed");
        }
    }

    /// A body that was decoded for masking goes on without its coding.
    private static boolean isEncoding(Field field, CapturedBody body) {
        return body.decoded() && field.isNamed("Content-Encoding");
    }

    private static String url(Detail detail) {
        String proto = detail.request().head().value("X-Forwarded-Proto");
        String forwarded = detail.request().head().value("X-Forwarded-Host");
        String host = forwarded.isEmpty() ? detail.exchange().host() : forwarded;
        String path = detail.exchange().path();
        return (proto.equals("https") ? "https" : "http") + "://" + host + (path.startsWith("/") ? path : "/");
    }

    private static void body(CapturedBody body, StringBuilder command) {
        if (body.bytes() == 0) {
            return;
        }
        byte[] kept = body.kept();
        String text = BodyText.text(kept, "", false);
        if (!body.isWhole()) {
            command.append(" # its body of ").append(body.bytes()).append(" bytes was not captured as a whole");
        } else if (text != null && !hasControls(text)) {
            if (kept.length <= LONGEST_WORD) {
                command.append(" --data-raw ").append(quoted(text));
            } else {
                command.insert(0, "printf %s " + quoted(text) + " | ").append(" --data-binary @-");
            }
        } else {
            command.insert(0, "printf '" + octal(kept) + "' | ").append(" --data-binary @-");
        }
    }

    private static String octal(byte[] bytes) {
        StringBuilder out = new StringBuilder(bytes.length * 4);
        for (byte one : bytes) {
            out.append('\\').append(Integer.toOctalString((one & 0xFF) | 0x200).substring(1));
        }
        return out.toString();
    }

    /// Header bytes are characters one for one; a shell's text is UTF-8.
    private static String utf8(String bytes) {
        byte[] raw = bytes.getBytes(ISO_8859_1);
        String text = BodyText.text(raw, "", false);
        return text == null ? new String(raw, UTF_8) : text;
    }

    /// Whether a terminal that the command is pasted into would do something of its own: complete a word, clear a line, run it.
    private static boolean hasControls(String text) {
        return text.chars().anyMatch(c -> Character.isISOControl(c) && c != '\n');
    }

    /// In single quotes nothing means anything, but a single quote; control characters are for the shell to make.
    static String quoted(String text) {
        return hasControls(text) ? "\"$(printf '" + octal(text.getBytes(UTF_8)) + "')\"" : "'" + text.replace("'", "'\\''") + "'";
    }
}
