package tunnel.protocol;

/// What a server keeps of a token: enough to check a proof of it, not enough to make one (RFC 5802, section 3).
///
/// @param id the token's id, 16 bytes
/// @param key SHA-256 of the client key, 32 bytes
public record StoredKey(Bytes id, Bytes key) {
    /// A key that no token has, to check proofs of unknown ids against, so that they take as long as known ones.
    public static StoredKey dummy() {
        return new StoredKey(Bytes.random(Codec.ID_LENGTH), Bytes.random(Codec.KEY_LENGTH));
    }
}
