package tunnel.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A response's head (RFC 9112, section 4), checked for what makes its end ambiguous.
public final class ResponseHead extends Head {
    private static final int LONGEST_STATUS_LINE = 8 << 10;
    private static final String WEBSOCKET_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; // RFC 6455, section 1.3

    private int status;
    private int reasonStart;
    private int reasonEnd;
    private boolean version11;
    private boolean chunked;
    private long length; // -1 where none is stated

    @Override
    boolean startLine(ByteBuffer source, int from, int to) throws BadMessageException {
        checkStartLine(source, from, to); // first, so that it makes no difference whether the line came in pieces
        boolean wellFormed = to - from >= 12
                && Octets.same(source, from, from + 7, "HTTP/1.")
                && Octets.isDigit(source.get(from + 7))
                && source.get(from + 8) == ' '
                && source.get(from + 9) >= '1' && source.get(from + 9) <= '5'
                && Octets.isDigit(source.get(from + 10))
                && Octets.isDigit(source.get(from + 11))
                && (to - from == 12 || source.get(from + 12) == ' ');
        if (!wellFormed) {
            throw new BadMessageException(Rule.STATUS_LINE);
        }
        status = (source.get(from + 9) - '0') * 100 + (source.get(from + 10) - '0') * 10 + source.get(from + 11) - '0';
        version11 = source.get(from + 7) != '0';
        reasonStart = Math.min(from + 13, to);
        reasonEnd = to;
        return true;
    }

    @Override
    void checkStartLine(ByteBuffer source, int from, int to) throws BadMessageException {
        if (to - from > LONGEST_STATUS_LINE) {
            throw new BadMessageException(Rule.STATUS_LINE);
        }
    }

    @Override
    void complete(ByteBuffer source) throws BadMessageException {
        chunked = isChunked(source, version11);
        length = chunked ? -1 : contentLength(source);
    }

    /// 100 to 599.
    public int status() {
        return status;
    }

    /// Whether another head follows this one for the same request.
    public boolean isInterim() {
        return status < 200 && status != 101;
    }

    /// How its body ends.
    ///
    /// @param toHead whether it answers a HEAD request
    public Framing framing(boolean toHead) {
        if (toHead || status < 200 || status == 204 || status == 304) {
            return Framing.NONE;
        }
        return chunked ? Framing.CHUNKED : length >= 0 ? Framing.LENGTH : Framing.TO_END;
    }

    /// The length that it states, or -1.
    public long length() {
        return length;
    }

    /// Whether its connection may carry another exchange. Behind a 204 that states a body, one may come all the same.
    public boolean keepsConnection() {
        boolean mayHaveBody = status == 204 && (chunked || length > 0);
        return version11 && !saysClose() && !mayHaveBody;
    }

    /// Whether it begins or carries on an authentication that belongs to the connection and not to the request (NTLM and
    /// Negotiate, RFC 4559).
    public boolean authenticatesConnection() {
        for (int field = fields().find(FieldName.WWW_AUTHENTICATE, 0); field >= 0;
                field = fields().find(FieldName.WWW_AUTHENTICATE, field + 1)) {
            if (isConnectionScheme(value(field))) {
                return true;
            }
        }
        return false;
    }

    /// Whether these credentials or this challenge are for a connection.
    public static boolean isConnectionScheme(String value) {
        String lower = value.toLowerCase(Locale.ROOT);
        return lower.startsWith("ntlm") || lower.startsWith("negotiate");
    }

    /// Checks that a 101 switches to what was asked for.
    ///
    /// @param asked the protocols that were asked for, or null
    /// @param webSocketKey of the request, or null
    public void checkSwitch(@Nullable String asked, @Nullable String webSocketKey) throws BadMessageException {
        String chosen = upgradeProtocols();
        if (asked == null || chosen == null || !saysUpgrade() || !isAmong(chosen, asked)) {
            throw new BadMessageException(Rule.SWITCH);
        }
        if (chosen.equalsIgnoreCase("websocket")
                && (webSocketKey == null || !accept(webSocketKey).equals(value(FieldName.SEC_WEBSOCKET_ACCEPT)))) {
            throw new BadMessageException(Rule.SWITCH);
        }
    }

    private static boolean isAmong(String chosen, String asked) {
        for (String one : asked.split(",", -1)) {
            if (one.strip().equalsIgnoreCase(chosen)) {
                return true;
            }
        }
        return false;
    }

    private static String accept(String key) {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1"); // as the RFC wants it; nothing secret hangs on it
            return Base64.getEncoder().encodeToString(sha1.digest((key + WEBSOCKET_GUID).getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }

    int reasonStart() {
        return reasonStart;
    }

    int reasonEnd() {
        return reasonEnd;
    }

    /// The protocols in Upgrade, less HTTP/2; null where there are none.
    public @Nullable String upgradeProtocols() {
        return upgradeProtocols(bytes());
    }
}
