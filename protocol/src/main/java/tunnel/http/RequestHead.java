package tunnel.http;

import java.nio.ByteBuffer;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// A request's head (RFC 9112, section 3), checked for all that makes it ambiguous or asks for what is not offered.
public final class RequestHead extends Head {
    private static final int LONGEST_TARGET = 8 << 10;
    private static final int LONGEST_METHOD = 256; // the longest registered one has 17
    private static final int WEBSOCKET_KEY_BYTES = 16; // RFC 6455, section 4.1

    private boolean blankSeen;
    private int methodStart;
    private int methodEnd;
    private int targetEnd;
    private int pathStart; // where the target's path begins, behind the authority if it has one
    private boolean version11;

    private @Nullable Host host;
    private @Nullable Host hostBefore; // of another request on the connection, which mostly is for the same one
    private String hostBeforeText = "";
    private @Nullable Host targetHost;
    private Framing framing = Framing.NONE;
    private long length;
    private @Nullable String upgrade;
    private boolean expectsContinue;

    @Override
    public void begin(int start) {
        super.begin(start);
        blankSeen = false;
        methodStart = start;
        methodEnd = start;
        targetEnd = start;
        version11 = false;
        host = null;
        targetHost = null;
        framing = Framing.NONE;
        length = 0;
        upgrade = null;
        expectsContinue = false;
    }

    @Override
    boolean startLine(ByteBuffer source, int from, int to) throws BadMessageException {
        if (from == to) {
            if (blankSeen) {
                throw new BadMessageException(Rule.LEADING_BLANK);
            }
            blankSeen = true;
            return false;
        }
        checkStartLine(source, from, to); // first, so that it makes no difference whether the line came in pieces
        int first = space(source, from, to);
        int second = space(source, first + 1, to);
        if (Octets.isBlank(source.get(from)) || first == to || second >= to || space(source, second + 1, to) != to) {
            throw new BadMessageException(Rule.REQUEST_LINE);
        }
        methodStart = from;
        methodEnd = first;
        if (!Octets.isToken(source, from, first)) {
            throw new BadMessageException(Rule.METHOD);
        }
        version(source, second + 1, to);
        if (isMethod("CONNECT") || isMethod("TRACE")) {
            throw new BadMessageException(Rule.METHOD_NOT_ALLOWED);
        }
        target(source, first + 1, second);
        return true;
    }

    private static int space(ByteBuffer source, int from, int to) {
        int at = from;
        while (at < to && source.get(at) != ' ') {
            at++;
        }
        return at;
    }

    @Override
    void checkStartLine(ByteBuffer source, int from, int to) throws BadMessageException {
        int method = space(source, from, Math.min(to, from + LONGEST_METHOD + 1));
        if (method - from > LONGEST_METHOD) {
            throw new BadMessageException(Rule.METHOD_TOO_LONG);
        }
        if (space(source, method + 1, to) - method - 1 > LONGEST_TARGET) {
            throw new BadMessageException(Rule.TARGET_TOO_LONG);
        }
        if (to - from > LONGEST_METHOD + LONGEST_TARGET + 16) {
            throw new BadMessageException(Rule.REQUEST_LINE);
        }
    }

    private void version(ByteBuffer source, int from, int to) throws BadMessageException {
        boolean wellFormed = to - from == 8
                && Octets.same(source, from, from + 5, "HTTP/")
                && Octets.isDigit(source.get(from + 5))
                && source.get(from + 6) == '.'
                && Octets.isDigit(source.get(from + 7));
        if (!wellFormed) {
            throw new BadMessageException(Rule.VERSION);
        }
        if (source.get(from + 5) != '1') {
            throw new BadMessageException(Rule.VERSION_NOT_SUPPORTED);
        }
        version11 = source.get(from + 7) != '0';
    }

    private void target(ByteBuffer source, int from, int to) throws BadMessageException {
        targetEnd = to;
        pathStart = from;
        if (from == to) {
            throw new BadMessageException(Rule.REQUEST_LINE);
        }
        for (int i = from; i < to; i++) {
            int octet = source.get(i);
            if (octet <= ' ' || octet == '#') { // octets above 0x7E are negative
                throw new BadMessageException(Rule.TARGET_CHARACTER);
            }
        }
        if ((source.get(from) == '*' && to - from == 1 && isMethod("OPTIONS")) || source.get(from) == '/') {
            return;
        }
        int authority = Octets.startsWith(source, from, to, "http://") ? from + 7
                : Octets.startsWith(source, from, to, "https://") ? from + 8 : -1;
        if (authority < 0) {
            throw new BadMessageException(Rule.TARGET_FORM);
        }
        authority(source, authority, to, authority - from == 7 ? 80 : 443);
    }

    private void authority(ByteBuffer source, int from, int to, int defaultPort) throws BadMessageException {
        int end = from;
        while (end < to && source.get(end) != '/' && source.get(end) != '?') {
            if (source.get(end) == '@') {
                throw new BadMessageException(Rule.TARGET_USERINFO);
            }
            end++;
        }
        Host named = Host.read(source, from, end);
        if (named == null) {
            throw new BadMessageException(Rule.TARGET_FORM);
        }
        targetHost = named.port() == defaultPort ? new Host(named.name(), 0) : named;
        pathStart = end;
    }

    @Override
    void complete(ByteBuffer source) throws BadMessageException {
        host(source);
        boolean chunked = isChunked(source, version11);
        length = chunked ? 0 : Math.max(0, contentLength(source));
        framing = chunked ? Framing.CHUNKED : fields().find(FieldName.CONTENT_LENGTH, 0) >= 0 ? Framing.LENGTH : Framing.NONE;
        expectation(source);
        upgrade(source);
    }

    private void host(ByteBuffer source) throws BadMessageException {
        int field = fields().find(FieldName.HOST, 0);
        if (field < 0) {
            if (version11) {
                throw new BadMessageException(Rule.HOST_MISSING);
            }
            host = targetHost;
            return;
        }
        if (fields().find(FieldName.HOST, field + 1) >= 0) {
            throw new BadMessageException(Rule.HOST_REPEATED);
        }
        Host named = host(source, fields().valueStart(field), fields().valueEnd(field));
        if (targetHost != null && !targetHost.equals(named)
                && !(targetHost.port() == 0 && targetHost.name().equals(named.name()) && isDefault(source, named.port()))) {
            throw new BadMessageException(Rule.TARGET_HOST);
        }
        host = named;
    }

    private Host host(ByteBuffer source, int from, int to) throws BadMessageException {
        Host before = hostBefore;
        if (before != null && Octets.same(source, from, to, hostBeforeText)) {
            return before;
        }
        Host read = Host.read(source, from, to);
        if (read == null) {
            throw new BadMessageException(Rule.HOST_MALFORMED);
        }
        hostBefore = read;
        hostBeforeText = Octets.text(source, from, to);
        return read;
    }

    private boolean isDefault(ByteBuffer source, int port) {
        return port == (Octets.startsWith(source, methodEnd + 1, targetEnd, "https") ? 443 : 80);
    }

    private void expectation(ByteBuffer source) throws BadMessageException {
        int field = fields().find(FieldName.EXPECT, 0);
        if (field < 0 || !version11) {
            return; // in HTTP/1.0 it means nothing (RFC 9110, section 10.1.1)
        }
        if (fields().isRepeated(FieldName.EXPECT)
                || !Octets.equal(source, fields().valueStart(field), fields().valueEnd(field), "100-continue")) {
            throw new BadMessageException(Rule.EXPECTATION);
        }
        expectsContinue = true;
    }

    /// Only a GET without a body may switch, and to a WebSocket only by a whole handshake; in other requests Upgrade is
    /// ignored, as it may be (RFC 9110, section 7.8).
    private void upgrade(ByteBuffer source) throws BadMessageException {
        if (fields().find(FieldName.UPGRADE, 0) < 0 || !saysUpgrade() || !version11 || !isMethod("GET")) {
            return;
        }
        String protocols = upgradeProtocols(source);
        boolean webSocket = hasElement(source, FieldName.UPGRADE, "websocket");
        if (webSocket && (hasBody() || !isHandshake(source))) {
            throw new BadMessageException(Rule.UPGRADE);
        }
        upgrade = hasBody() ? null : protocols;
    }

    private boolean isHandshake(ByteBuffer source) {
        int version = fields().find(FieldName.SEC_WEBSOCKET_VERSION, 0);
        String key = webSocketKey();
        if (key == null || version < 0 || fields().isRepeated(FieldName.SEC_WEBSOCKET_KEY)
                || fields().isRepeated(FieldName.SEC_WEBSOCKET_VERSION)
                || fields().valueStart(version) == fields().valueEnd(version)) {
            return false;
        }
        for (int i = fields().valueStart(version); i < fields().valueEnd(version); i++) {
            if (!Octets.isDigit(source.get(i))) {
                return false;
            }
        }
        try {
            return Base64.getDecoder().decode(key).length == WEBSOCKET_KEY_BYTES && key.length() == 24;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /// Whether it has exactly that method; methods are case-sensitive.
    public boolean isMethod(String name) {
        return Octets.same(bytes(), methodStart, methodEnd, name);
    }

    /// As it came.
    public String method() {
        return Octets.text(bytes(), methodStart, methodEnd);
    }

    /// As it came; empty where the request line was not read.
    public String target() {
        return methodEnd < targetEnd ? Octets.text(bytes(), methodEnd + 1, targetEnd) : "";
    }

    /// Whether it is HTTP/1.1 (or a later 1.x) rather than HTTP/1.0.
    public boolean isVersion11() {
        return version11;
    }

    /// Where the request is for, or null where HTTP/1.0 does not say.
    public @Nullable Host host() {
        return host;
    }

    /// How its body ends; never {@link Framing#TO_END}.
    public Framing framing() {
        return framing;
    }

    /// The body's length where it is framed by one, else 0.
    public long length() {
        return length;
    }

    /// Whether anything follows the head.
    public boolean hasBody() {
        return framing == Framing.CHUNKED || length > 0;
    }

    /// Whether it may be sent again when nobody knows what became of the first time: its method is safe (RFC 9110, section
    /// 9.2.1), and all of it is in the head.
    public boolean isRepeatable() {
        return !hasBody() && upgrade == null && (isMethod("GET") || isMethod("HEAD") || isMethod("OPTIONS"));
    }

    /// Whether the connection may carry another request after this one.
    public boolean keepsConnection() {
        return version11 && !saysClose();
    }

    /// Whether a browser asks before it sends another request (a CORS preflight), which never carries credentials or a body.
    public boolean isPreflight() {
        return isMethod("OPTIONS")
                && !hasBody()
                && fields().find(FieldName.ORIGIN, 0) >= 0
                && fields().find(FieldName.ACCESS_CONTROL_REQUEST_METHOD, 0) >= 0;
    }

    /// Whether the sender waits for 100 (Continue) before it sends the body.
    public boolean expectsContinue() {
        return expectsContinue;
    }

    /// The protocols that the connection may be switched to, or null where it is not to be switched.
    public @Nullable String upgrade() {
        return upgrade;
    }

    /// The key of a WebSocket handshake, or null.
    public @Nullable String webSocketKey() {
        return value(FieldName.SEC_WEBSOCKET_KEY);
    }

    /// Whether the sender takes trailers.
    public boolean takesTrailers() {
        return hasElement(bytes(), FieldName.TE, "trailers");
    }

    int methodStart() {
        return methodStart;
    }

    int methodEnd() {
        return methodEnd;
    }

    int pathStart() {
        return pathStart;
    }

    int targetEnd() {
        return targetEnd;
    }
}
