package tunnel.http;

/// What a message must not do, with the status that a request which does it is answered with.
public enum Rule {
    // lines and fields
    BARE_LF(400, "a line ends in a bare LF (RFC 9112, section 2.2)"),
    BARE_CR(400, "there is a CR that no LF follows (RFC 9112, section 2.2)"),
    CONTROL_CHARACTER(400, "there is a control character in the head (RFC 9110, section 5.5)"),
    LEADING_BLANK(400, "more than one empty line comes before the request (RFC 9112, section 2.2)"),
    FOLDED(400, "a field is folded, or a line begins with white space (RFC 9112, section 5.2)"),
    SPACE_BEFORE_COLON(400, "there is white space between a field's name and its colon (RFC 9112, section 5.1)"),
    NO_COLON(400, "a field has no colon (RFC 9112, section 5)"),
    NAME_EMPTY(400, "a field has no name (RFC 9110, section 5.1)"),
    NAME_NOT_TOKEN(400, "a field's name is not a token (RFC 9110, section 5.1)"),
    NAME_UNDERSCORE(400, "a field's name equals a framing or forwarding field's but for an underscore"),
    TRUNCATED(400, "the connection ended inside the message (RFC 9112, section 8)"),
    HEAD_TOO_LARGE(431, "the fields are more than 32 KiB (RFC 6585, section 5)"),
    TOO_MANY_FIELDS(431, "there are more than 100 fields (RFC 6585, section 5)"),

    HEAD_TOO_SLOW(408, "the head was not complete in time (RFC 9110, section 15.5.9)"),
    BODY_TOO_SLOW(408, "the body did not go on in time (RFC 9110, section 15.5.9)"),

    // the request line
    REQUEST_LINE(400, "the request line is not METHOD TARGET VERSION with one space between (RFC 9112, section 3)"),
    METHOD(400, "the method is not a token (RFC 9110, section 9.1)"),
    METHOD_TOO_LONG(501, "the method is longer than 256 characters (RFC 9112, section 3)"),
    METHOD_NOT_ALLOWED(405, "the method is CONNECT or TRACE"),
    TARGET_TOO_LONG(414, "the target is longer than 8 KiB (RFC 9110, section 15.5.15)"),
    TARGET_CHARACTER(400, "the target has a character outside of 0x21 to 0x7E, or a # (RFC 9112, section 3.2)"),
    TARGET_FORM(400, "the target is not a path, an http URL or, with OPTIONS, * (RFC 9112, section 3.2)"),
    TARGET_USERINFO(400, "the target has user information (RFC 9110, section 4.2.4)"),
    TARGET_HOST(400, "the target's host is another than that of the Host field (RFC 9112, section 3.2.2)"),
    VERSION(400, "the version is malformed (RFC 9112, section 2.3)"),
    VERSION_NOT_SUPPORTED(505, "the version is not HTTP/1.x (RFC 9110, section 15.6.6)"),

    // Host
    HOST_MISSING(400, "there is no Host field (RFC 9112, section 3.2)"),
    HOST_REPEATED(400, "there are several Host fields (RFC 9112, section 3.2)"),
    HOST_MALFORMED(400, "the Host field is not a host with or without a port (RFC 9112, section 3.2)"),

    // framing
    LENGTH_AND_CODING(400, "there are both Content-Length and Transfer-Encoding (RFC 9112, section 6.1)"),
    LENGTH_REPEATED(400, "there are several Content-Length fields (RFC 9112, section 6.3)"),
    LENGTH_MALFORMED(400, "the Content-Length is not a number of 1 to 18 digits (RFC 9110, section 8.6)"),
    CODING_IN_1_0(400, "there is a Transfer-Encoding in an HTTP/1.0 message (RFC 9112, section 6.1)"),
    CODING_MALFORMED(400, "the Transfer-Encoding is not a list of codings (RFC 9112, section 6.1)"),
    CODING_ORDER(400, "the transfer coding chunked is repeated or not the last one (RFC 9112, section 6.1)"),
    CODING_UNKNOWN(501, "there is a transfer coding other than chunked (RFC 9112, section 6.1)"),
    CHUNK_SIZE(400, "a chunk's size is not 1 to 16 hexadecimal digits (RFC 9112, section 7.1)"),
    CHUNK_EXTENSION(400, "a chunk extension is malformed (RFC 9112, section 7.1.1)"),
    CHUNK_EXTENSIONS_TOO_LARGE(400, "the chunk extensions are more than 16 KiB (RFC 9112, section 7.1.1)"),
    CHUNK_TERMINATOR(400, "a chunk's data does not end in CR LF (RFC 9112, section 7.1)"),
    BODY_TOO_LARGE(413, "the body is larger than the tunnel allows (RFC 9110, section 15.5.14)"),

    // what is asked of the next hop
    EXPECTATION(417, "there is an expectation other than 100-continue (RFC 9110, section 10.1.1)"),
    CONNECTION_OPTIONS(400, "the Connection field is not a list of at most 100 tokens (RFC 9110, section 7.6.1)"),
    UPGRADE(400, "the WebSocket handshake is malformed (RFC 6455, section 4.2.1)"),

    // responses only
    STATUS_LINE(502, "the status line is not VERSION STATUS REASON (RFC 9112, section 4)"),
    SWITCH(502, "the protocol was switched without or otherwise than asked (RFC 9110, section 15.2.2)");

    private final int status;
    private final String text;

    Rule(int status, String text) {
        this.status = status;
        this.text = text;
    }

    /// The status that answers a request which breaks it. A response that does is the local service's fault, and a 502.
    public int status() {
        return status;
    }

    /// What is wrong, with the source of the rule.
    public String text() {
        return text;
    }
}
