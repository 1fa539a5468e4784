package tunnel.protocol;

import java.util.Base64;

/// The 256 random bits that let a client in. They never cross the wire; the server keeps only the {@link StoredKey}.
///
/// @param secret 32 bytes
public record Token(Bytes secret) {
    private static final int LENGTH = 32;

    public Token {
        if (secret.length() != LENGTH) {
            throw new IllegalArgumentException("a token has " + LENGTH + " bytes");
        }
    }

    public static Token random() {
        return new Token(Bytes.random(LENGTH));
    }

    /// Reads what {@link #text} writes.
    ///
    /// @throws IllegalArgumentException with a sentence that does not show the token
    public static Token parse(String text) {
        try {
            Token token = new Token(Bytes.of(Base64.getUrlDecoder().decode(text)));
            if (token.text().equals(text)) {
                return token;
            }
        } catch (IllegalArgumentException e) {
            // the sentence below says what is wrong, without the text
        }
        throw new IllegalArgumentException("the token is not 43 letters, digits, '-' and '_'; was it copied whole?");
    }

    /// 43 characters of URL-safe Base64. A secret.
    public String text() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(secret.toArray());
    }

    /// What names the token without giving it away, 16 bytes.
    public Bytes id() {
        return Crypto.hmac(secret, "tunnel id").first(Codec.ID_LENGTH);
    }

    /// What a server keeps of the token.
    public StoredKey storedKey() {
        return new StoredKey(id(), Crypto.sha256(clientKey()));
    }

    /// SCRAM's ClientKey (RFC 5802, section 3); a random token needs neither salt nor iterations.
    Bytes clientKey() {
        return Crypto.hmac(secret, "tunnel client");
    }

    @Override
    public String toString() {
        return "token " + id().hex();
    }
}
