package tunnel.inspect.mask;

import java.util.Locale;
import java.util.Set;
import tunnel.inspect.store.CapturedBody;

/// Makes of the bytes of a body what may be kept of it.
///
/// @param most bytes of it
public record Bodies(Masks masks, int most) {
    /// A body that has passed, or as much as there was of it.
    ///
    /// @param total how many bytes passed
    /// @param bytes the first of them; the caller gives them away
    /// @param hit takes the names whose values were replaced
    public CapturedBody kept(long total, byte[] bytes, String type, String encoding, Set<String> hit) {
        boolean truncated = bytes.length < total;
        if (!masks.hasKeys() || bytes.length == 0 || isOpaque(type)) {
            return new CapturedBody(total, bytes, truncated, type, encoding, false, null);
        }
        if (Coding.isIdentity(encoding)) {
            return masked(new CapturedBody(total, bytes, truncated, type, encoding, false, null), hit);
        }
        Coding.Decoded decoded = Coding.decode(bytes, encoding, most);
        return decoded == null
                ? withheld(total, type, encoding, "it is encoded as " + encoding + ", in which nothing can be masked")
                : masked(
                        new CapturedBody(total, decoded.bytes(), truncated || decoded.truncated(), type, encoding, true, null),
                        hit);
    }

    private CapturedBody masked(CapturedBody body, Set<String> hit) {
        if (isWide(body)) {
            return withheld(body.bytes(), body.type(), body.encoding(), "it is no UTF-8, and nothing can be masked in it");
        }
        byte[] masked = masks.body(body.kept(), body.type(), hit);
        byte[] fitting = masked.length > most ? java.util.Arrays.copyOf(masked, most) : masked;
        boolean cut = fitting.length < masked.length;
        return new CapturedBody(
                body.bytes(), fitting, body.truncated() || cut, body.type(), body.encoding(), body.decoded(), null);
    }

    private static CapturedBody withheld(long total, String type, String encoding, String why) {
        return new CapturedBody(total, new byte[0], true, type, encoding, false, why);
    }

    /// Whether there are no texts in it.
    private static boolean isOpaque(String type) {
        String lower = type.toLowerCase(Locale.ROOT);
        return (lower.startsWith("image/") && !lower.startsWith("image/svg"))
                || lower.startsWith("audio/")
                || lower.startsWith("video/")
                || lower.startsWith("font/")
                || lower.startsWith("application/wasm")
                || lower.startsWith("application/zip")
                || lower.startsWith("application/pdf");
    }

    /// Whether its characters are of two or four bytes, as JSON's once could be.
    private static boolean isWide(CapturedBody body) {
        String type = body.type().toLowerCase(Locale.ROOT);
        byte[] kept = body.kept();
        return type.contains("utf-16")
                || type.contains("utf-32")
                || (kept.length >= 2 && (kept[0] & 0xFF) >= 0xFE && (kept[1] & 0xFF) >= 0xFE)
                || (kept.length >= 4 && kept[0] * kept[1] == 0 && isText(type));
    }

    private static boolean isText(String type) {
        return type.startsWith("text/") || type.contains("json") || type.contains("xml");
    }
}
