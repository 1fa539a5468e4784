package tunnel.inspect.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tunnel.events.Exchange;
import tunnel.inspect.mask.Coding;
import tunnel.inspect.store.CapturedBody;
import tunnel.inspect.store.Detail;
import tunnel.inspect.store.Message;
import tunnel.inspect.store.Recorded;

/// Which exchanges somebody wants to see.
///
/// @param text looked for in heads and bodies, in small letters; empty for all
/// @param status as in `404`, `5xx`, or several with `|` between; empty for all
record Filter(String text, String method, String status, String tunnel) {
    private static final Pattern STATUS = Pattern.compile("([1-5]([0-9]{2}|xx)|failed|running)(\\|([1-5]([0-9]{2}|xx)|failed|running))*");
    private static final int MOST_DECODED = 256 << 10;

    /// @throws IllegalArgumentException with a sentence for the user
    static Filter of(Map<String, String> query) {
        String status = query.getOrDefault("status", "").toLowerCase(Locale.ROOT);
        if (!status.isEmpty() && !STATUS.matcher(status).matches()) {
            throw new IllegalArgumentException("status is written as in 404, 5xx or 4xx|5xx.");
        }
        return new Filter(
                query.getOrDefault("q", "").toLowerCase(Locale.ROOT),
                query.getOrDefault("method", ""),
                status,
                query.getOrDefault("tunnel", ""));
    }

    boolean matches(Recorded recorded) {
        Exchange exchange = recorded.exchange();
        return (method.isEmpty() || exchange.method().equalsIgnoreCase(method))
                && (tunnel.isEmpty() || exchange.tunnel().equals(tunnel))
                && hasStatus(exchange)
                && (text.isEmpty() || hasText(exchange, recorded));
    }

    private boolean hasStatus(Exchange exchange) {
        if (status.isEmpty()) {
            return true;
        }
        for (String one : status.split("\\|", -1)) {
            boolean has = switch (one) {
                case "failed" -> exchange.state() == Exchange.State.FAILED;
                case "running" -> exchange.state() == Exchange.State.RUNNING;
                default -> one.endsWith("xx")
                        ? exchange.status() / 100 == one.charAt(0) - '0'
                        : exchange.status() == Integer.parseInt(one);
            };
            if (has) {
                return true;
            }
        }
        return false;
    }

    private boolean hasText(Exchange exchange, Recorded recorded) {
        String line = exchange.method() + " " + exchange.host() + exchange.path() + " " + exchange.status() + " "
                + exchange.visitor() + " " + exchange.failure();
        if (line.toLowerCase(Locale.ROOT).contains(text)) {
            return true;
        }
        Detail detail = recorded.detail();
        byte[] wanted = text.getBytes(UTF_8);
        return hasText(detail.request(), wanted)
                || hasText(detail.response(), wanted)
                || detail.messages().stream().map(Message::kept).anyMatch(bytes -> contains(bytes, wanted));
    }

    private static boolean hasText(Detail.@Nullable Part part, byte[] wanted) {
        return part != null && (contains(part.head().bytes(), wanted) || hasText(part.body(), wanted));
    }

    private static boolean hasText(CapturedBody body, byte[] wanted) {
        if (body.decoded() || Coding.isIdentity(body.encoding())) {
            return contains(body.kept(), wanted);
        }
        Coding.Decoded decoded = Coding.decode(body.kept(), body.encoding(), MOST_DECODED);
        return decoded != null && contains(decoded.bytes(), wanted);
    }

    /// Without regard to the case of Latin letters.
    private static boolean contains(byte[] bytes, byte[] wanted) {
        byte first = wanted[0];
        for (int i = 0; i <= bytes.length - wanted.length; i++) {
            if (lower(bytes[i]) == first && isAt(bytes, i, wanted)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isAt(byte[] bytes, int at, byte[] wanted) {
        for (int i = 1; i < wanted.length; i++) {
            if (lower(bytes[at + i]) != wanted[i]) {
                return false;
            }
        }
        return true;
    }

    private static byte lower(byte b) {
        return b >= 'A' && b <= 'Z' ? (byte) (b + 'a' - 'A') : b;
    }
}
