package tunnel.protocol;

import java.security.PublicKey;
import java.util.Base64;

/// SHA-256 of a server's public key (its SubjectPublicKeyInfo): the whole of the server's identity. Names and dates in its
/// certificate do not matter.
///
/// @param hash 32 bytes
public record Pin(Bytes hash) {
    private static final String PREFIX = "sha256:";

    /// No key has it: for a server without TLS of which none is known, so that it is no way in should TLS be spoken after all.
    public static final Pin NOBODY = new Pin(Bytes.of(new byte[Codec.KEY_LENGTH]));

    public static Pin of(PublicKey key) {
        return new Pin(Crypto.sha256(Bytes.of(key.getEncoded())));
    }

    /// Reads what {@link #toString} writes.
    ///
    /// @throws IllegalArgumentException with a sentence for the user
    public static Pin parse(String text) {
        if (text.startsWith(PREFIX)) {
            try {
                Pin pin = new Pin(Bytes.of(Base64.getUrlDecoder().decode(text.substring(PREFIX.length()))));
                if (pin.hash.length() == Codec.KEY_LENGTH && pin.toString().equals(text)) {
                    return pin;
                }
            } catch (IllegalArgumentException e) {
                // the sentence below says what is wrong
            }
        }
        throw new IllegalArgumentException("the pin is not 'sha256:' and 43 letters, digits, '-' and '_'; was it copied whole?");
    }

    @Override
    public String toString() {
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(hash.toArray());
    }
}
