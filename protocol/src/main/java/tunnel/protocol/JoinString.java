package tunnel.protocol;

import org.jspecify.annotations.Nullable;
import tunnel.net.HostPort;

/// All that a client needs to know of a server: `tunnel://TOKEN@HOST:7000?pin=sha256:…`. A secret, for the token in it.
///
/// @param server where the control port is
/// @param pin the server's key
public record JoinString(Token token, HostPort server, Pin pin) {
    /// The control port where none is given.
    public static final int DEFAULT_PORT = 7000;

    /// What every join string begins with.
    public static final String SCHEME = "tunnel://";
    private static final String PIN = "?pin=";

    /// Reads what {@link #text} writes, with white space around it.
    ///
    /// @throws IllegalArgumentException with a sentence that says what is wrong and does not show the token
    public static JoinString parse(String typed) {
        String text = typed.strip();
        if (!text.startsWith(SCHEME)) {
            throw new IllegalArgumentException("a join string begins with " + SCHEME + "; was it copied whole?");
        }
        int at = text.indexOf('@');
        int query = text.indexOf(PIN);
        // a second @ comes of pasting twice: what stands before it may be a token, which must not be shown as a bad host
        if (at < 0 || query < at || text.lastIndexOf('@') != at) {
            throw new IllegalArgumentException("a join string looks like tunnel://TOKEN@HOST:7000?pin=sha256:…");
        }
        return new JoinString(
                Token.parse(text.substring(SCHEME.length(), at)),
                HostPort.parse(text.substring(at + 1, query), null, DEFAULT_PORT),
                Pin.parse(text.substring(query + PIN.length())));
    }

    /// The same token and pin at another address, or these where there is none.
    public JoinString at(@Nullable HostPort other) {
        return other == null ? this : new JoinString(token, other, pin);
    }

    /// The same with another pin, or with this one where there is none.
    public JoinString with(@Nullable Pin other) {
        return other == null ? this : new JoinString(token, server, other);
    }

    /// What a person copies from the server to a client. A secret.
    public String text() {
        return SCHEME + token.text() + "@" + server + PIN + pin;
    }

    /// Without the token.
    @Override
    public String toString() {
        return SCHEME + "…@" + server + PIN + pin;
    }
}
