package tunnel.inspect.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tunnel.inspect.mask.Coding;
import tunnel.inspect.store.CapturedBody;

/// A body as it can be shown: decoded where the JDK can, as text where it is text.
///
/// @param bytes decoded, or as they came
/// @param text null where it is none
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record BodyText(byte[] bytes, boolean decoded, boolean truncated, @Nullable String text) {
    private static final Pattern CHARSET = Pattern.compile("(?i);\\s*charset\\s*=\\s*\"?([\\w.:-]+)");

    /// Makes one of what was kept.
    ///
    /// @param most bytes that it may be when decoded
    public static BodyText of(CapturedBody body, int most) {
        if (body.decoded() || Coding.isIdentity(body.encoding())) {
            return of(body.kept(), body.decoded(), body.truncated(), body.type());
        }
        Coding.Decoded decoded = Coding.decode(body.kept(), body.encoding(), most);
        return decoded == null
                ? new BodyText(body.kept(), false, body.truncated(), null)
                : of(decoded.bytes(), true, body.truncated() || decoded.truncated(), body.type());
    }

    private static BodyText of(byte[] bytes, boolean decoded, boolean truncated, String type) {
        return new BodyText(bytes, decoded, truncated, text(bytes, type, truncated));
    }

    /// Text in its charset, or in UTF-8 where none is named; null where it is none.
    ///
    /// @param cut whether its last character may be incomplete
    public static @Nullable String text(byte[] bytes, String type, boolean cut) {
        Matcher charset = CHARSET.matcher(type);
        if (charset.find()) {
            Charset named = named(charset.group(1));
            if (named != null && !named.equals(UTF_8)) {
                return strict(bytes, named, cut);
            }
        }
        String text = strict(bytes, UTF_8, cut);
        if (text == null && type.startsWith("text/")) {
            text = new String(bytes, ISO_8859_1);
        }
        return text == null || isBinary(text) ? null : text;
    }

    private static @Nullable Charset named(String name) {
        try {
            return Charset.forName(name);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            return null;
        }
    }

    private static @Nullable String strict(byte[] bytes, Charset charset, boolean cut) {
        CharsetDecoder decoder = charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        CharBuffer out = CharBuffer.allocate((int) (bytes.length * (double) decoder.maxCharsPerByte()) + 1);
        CoderResult result = decoder.decode(ByteBuffer.wrap(bytes), out, !cut);
        return result.isError() ? null : out.flip().toString();
    }

    /// Text has no control characters but for white space and escape sequences.
    private static boolean isBinary(String text) {
        int looked = Math.min(text.length(), 4 << 10);
        for (int i = 0; i < looked; i++) {
            char c = text.charAt(i);
            if (c < ' ' && "\t\n\r\f\u001b\b".indexOf(c) < 0) {
                return true;
            }
        }
        return false;
    }
}
