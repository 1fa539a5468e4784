package tunnel.server.tokens;

/// Whether a token is good at a moment.
///
/// @see TokenStore#standing
public enum Standing {
    GOOD(""),
    EXPIRED("this token has expired"),
    /// Or it never was.
    REVOKED("this token was revoked");

    private final String sentence;

    Standing(String sentence) {
        this.sentence = sentence;
    }

    /// For whoever holds the token, without a full stop.
    public String sentence() {
        return sentence;
    }
}
