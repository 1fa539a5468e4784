package tunnel.protocol;

import java.nio.ByteBuffer;
import tunnel.protocol.Frame.DataInit;
import tunnel.protocol.Frame.Init;

/// Makes and checks the proofs in `Init`, `Welcome` and `DataInit`. Each is bound to its connection, by the TLS exporter
/// or the server's nonce, and to the other bytes of its frame, so that it is good for nothing else.
///
/// In all of them `binding` is the connection's 32 bytes: the `tls-exporter` value (RFC 9266), or the nonce of `Challenge`.
public final class Proofs {
    private static final Bytes BLANK = Bytes.of(new byte[Codec.KEY_LENGTH]);

    private Proofs() {}

    /// The `Init` of a client that holds `token`.
    public static Init init(Token token, Bytes binding, Bytes nonce, Options options) {
        Init blank = new Init(VersionRange.OURS, token.id(), nonce, options, BLANK);
        Bytes clientKey = token.clientKey();
        Bytes proof = clientKey.xor(signature(token.storedKey(), binding, blank));
        return new Init(blank.versions(), blank.token(), nonce, options, proof);
    }

    /// Whether the sender of `init` holds the token behind `key`. As SCRAM does (RFC 5802, section 3): the proof gives the
    /// client key, and its hash has to be the stored key. In constant time.
    public static boolean verify(Init init, StoredKey key, Bytes binding) {
        Bytes clientKey = init.proof().xor(signature(key, binding, init));
        return Crypto.sha256(clientKey).equals(key.key());
    }

    private static Bytes signature(StoredKey key, Bytes binding, Init init) {
        return Crypto.hmac(key.key(), "", binding, allButProof(init));
    }

    /// The session's secret where there is no TLS to carry it: both sides derive it.
    public static Bytes plainSecret(StoredKey key, Bytes serverNonce, Bytes clientNonce) {
        return Crypto.hmac(key.key(), "tunnel session", serverNonce, clientNonce);
    }

    /// The proof in `Welcome`, where there is no TLS, that the server knows the stored key.
    public static Bytes server(StoredKey key, Bytes serverNonce, Bytes clientNonce, Bytes session) {
        return Crypto.hmac(key.key(), "tunnel server", serverNonce, clientNonce, session);
    }

    /// The option of `Init` that claims the names of a session that was lost: its id and a proof of its secret.
    public static Bytes previousSession(Bytes session, Bytes secret, Bytes binding) {
        Bytes proof = Crypto.hmac(secret, "tunnel previous", binding, session);
        ByteBuffer value = ByteBuffer.allocate(Codec.ID_LENGTH + Codec.KEY_LENGTH);
        session.write(value);
        proof.write(value);
        return Bytes.of(value.array());
    }

    /// The session that the option names, whether or not the proof is good.
    public static Bytes previousSessionId(Bytes option) throws ProtocolException {
        if (option.length() != Codec.ID_LENGTH + Codec.KEY_LENGTH) {
            throw new ProtocolException("the previous session's option has " + option.length() + " bytes");
        }
        return option.first(Codec.ID_LENGTH);
    }

    /// Whether the option's sender knows the secret of the session that it names. In constant time.
    public static boolean verifyPrevious(Bytes option, Bytes session, Bytes secret, Bytes binding) {
        return previousSession(session, secret, binding).equals(option);
    }

    /// The `DataInit` of a session's client.
    public static DataInit dataInit(Bytes session, Bytes secret, Bytes binding) {
        DataInit blank = new DataInit(VersionRange.OURS, session, Options.NONE, BLANK);
        return new DataInit(blank.versions(), session, Options.NONE, proof(blank, secret, binding));
    }

    /// Whether the sender of `init` knows the session's secret. In constant time.
    public static boolean verify(DataInit init, Bytes secret, Bytes binding) {
        return proof(init, secret, binding).equals(init.proof());
    }

    private static Bytes proof(DataInit init, Bytes secret, Bytes binding) {
        return Crypto.hmac(secret, "tunnel data", binding, allButProof(init));
    }

    /// Header and payload without the proof, which stands last in both frames that have one.
    private static Bytes allButProof(Frame frame) {
        ByteBuffer bytes = ByteBuffer.allocate(Codec.HEADER + Codec.LIMIT_CONTROL);
        Codec.encode(frame, bytes);
        byte[] kept = new byte[bytes.position() - Codec.KEY_LENGTH];
        bytes.get(0, kept);
        return Bytes.of(kept);
    }
}
