package tunnel.http;

/// How a message says where its body ends (RFC 9112, section 6.3).
public enum Framing {
    /// There is no body.
    NONE,
    /// By Content-Length, which may be 0.
    LENGTH,
    /// In chunks.
    CHUNKED,
    /// By the end of the connection; responses only.
    TO_END
}
