package tunnel.http;

import static tunnel.http.FieldName.Kind.CONTENT;
import static tunnel.http.FieldName.Kind.FORWARDING;
import static tunnel.http.FieldName.Kind.FRAMING;
import static tunnel.http.FieldName.Kind.HOP;
import static tunnel.http.FieldName.Kind.PLAIN;

import java.nio.ByteBuffer;
import java.util.Locale;

/// The fields that an intermediary has an interest in.
public enum FieldName {
    HOST(FRAMING),
    CONTENT_LENGTH(FRAMING),
    TRANSFER_ENCODING(FRAMING),
    CONNECTION(HOP),
    KEEP_ALIVE(HOP),
    PROXY_CONNECTION(HOP),
    TE(HOP),
    UPGRADE(HOP),
    HTTP2_SETTINGS(HOP),
    EXPECT(FRAMING),
    TRAILER(CONTENT),
    FORWARDED(FORWARDING),
    VIA(FORWARDING),
    X_FORWARDED_FOR(FORWARDING),
    X_FORWARDED_PROTO(FORWARDING),
    X_FORWARDED_HOST(FORWARDING),
    /// Any other that begins with `X-Forwarded-`.
    X_FORWARDED_OTHER(FORWARDING),
    X_REAL_IP(FORWARDING),
    X_REQUEST_ID(CONTENT),
    AUTHORIZATION(CONTENT),
    PROXY_AUTHORIZATION(CONTENT),
    WWW_AUTHENTICATE(CONTENT),
    PROXY_AUTHENTICATE(CONTENT),
    COOKIE(CONTENT),
    SET_COOKIE(CONTENT),
    CONTENT_TYPE(CONTENT),
    CONTENT_ENCODING(CONTENT),
    CONTENT_RANGE(CONTENT),
    ACCEPT(PLAIN),
    ORIGIN(PLAIN),
    ACCESS_CONTROL_REQUEST_METHOD(PLAIN),
    REFERER(PLAIN),
    USER_AGENT(PLAIN),
    SEC_WEBSOCKET_KEY(PLAIN),
    SEC_WEBSOCKET_VERSION(PLAIN),
    SEC_WEBSOCKET_ACCEPT(PLAIN),
    OTHER(PLAIN);

    /// What a field is for.
    enum Kind {
        /// where a message goes and where it ends
        FRAMING,
        /// for the next hop alone (RFC 9110, section 7.6.1)
        HOP,
        /// who forwarded the message for whom
        FORWARDING,
        /// of no use, or dangerous, once the content has gone by (RFC 9110, section 6.5.1)
        CONTENT,
        PLAIN
    }

    private static final String FORWARDED_PREFIX = "x-forwarded-";
    private static final int SLOTS = 256; // a power of two, with room to spare
    private static final FieldName[] TABLE = new FieldName[SLOTS];

    static {
        for (FieldName name : values()) {
            int slot = hash(name.lower) & SLOTS - 1;
            while (TABLE[slot] != null) {
                slot = slot + 1 & SLOTS - 1;
            }
            TABLE[slot] = name;
        }
    }

    private final Kind kind;
    private final String lower;

    FieldName(Kind kind) {
        this.kind = kind;
        this.lower = name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// In lower case.
    public String text() {
        return lower;
    }

    /// Whether the message is written anew without it, or with another value.
    public boolean isForNextHopOnly() {
        return kind == Kind.HOP;
    }

    /// One bit of 64, its own.
    @SuppressWarnings("EnumOrdinal") // never leaves the process
    long bit() {
        return 1L << ordinal();
    }

    boolean mayNotHaveUnderscores() {
        return kind == Kind.FRAMING || kind == Kind.FORWARDING || this == CONNECTION || this == UPGRADE || this == TE;
    }

    boolean isAllowedInTrailers() {
        return kind == Kind.PLAIN;
    }

    /// The name in `[from, to)` as those local services read it that take an underscore for a hyphen.
    static FieldName asRead(ByteBuffer bytes, int from, int to) {
        return lookUp(hash(bytes, from, to), bytes, from, to);
    }

    private static int hash(ByteBuffer bytes, int from, int to) {
        int hash = 0;
        for (int i = from; i < to; i++) {
            int octet = bytes.get(i);
            hash = hash * 31 + (octet == '_' ? '-' : Octets.lower(octet));
        }
        return hash ^ hash >>> 8;
    }

    private static int hash(String lower) {
        int hash = 0;
        for (int i = 0; i < lower.length(); i++) {
            hash = hash * 31 + lower.charAt(i);
        }
        return hash ^ hash >>> 8;
    }

    /// The name in `[from, to)`, which must be a token.
    ///
    /// @throws BadMessageException where it is a framing or forwarding field's name but for underscores, which many local
    ///     services read as hyphens
    static FieldName find(ByteBuffer bytes, int from, int to) throws BadMessageException {
        FieldName found = asRead(bytes, from, to);
        boolean underscore = found != OTHER && hasUnderscore(bytes, from, to);
        if (underscore && found.mayNotHaveUnderscores()) {
            throw new BadMessageException(Rule.NAME_UNDERSCORE);
        }
        return underscore ? OTHER : found;
    }

    private static boolean hasUnderscore(ByteBuffer bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes.get(i) == '_') {
                return true;
            }
        }
        return false;
    }

    private static FieldName lookUp(int hash, ByteBuffer bytes, int from, int to) {
        for (int slot = hash & SLOTS - 1; TABLE[slot] != null; slot = slot + 1 & SLOTS - 1) {
            if (Octets.equalButForUnderscores(bytes, from, to, TABLE[slot].lower)) {
                return TABLE[slot] == X_FORWARDED_OTHER || TABLE[slot] == OTHER ? byPrefix(bytes, from, to) : TABLE[slot];
            }
        }
        return byPrefix(bytes, from, to);
    }

    private static FieldName byPrefix(ByteBuffer bytes, int from, int to) {
        int end = from + FORWARDED_PREFIX.length();
        return to >= end && Octets.equalButForUnderscores(bytes, from, end, FORWARDED_PREFIX) ? X_FORWARDED_OTHER : OTHER;
    }
}
