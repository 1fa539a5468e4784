package tunnel.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static tunnel.protocol.Examples.CLIENT_NONCE;
import static tunnel.protocol.Examples.EXPORTER;
import static tunnel.protocol.Examples.LAST_SECRET;
import static tunnel.protocol.Examples.LAST_SESSION;
import static tunnel.protocol.Examples.SECRET;
import static tunnel.protocol.Examples.SERVER_NONCE;
import static tunnel.protocol.Examples.SESSION;
import static tunnel.protocol.Examples.TOKEN;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import tunnel.net.PeerFault;
import tunnel.protocol.Frame.DataInit;
import tunnel.protocol.Frame.Init;

class ProofsTest {
    private static final StoredKey KEY = TOKEN.storedKey();

    @Test
    void theTokensOwnerGetsIn() {
        assertThat(Proofs.verify(init(), KEY, EXPORTER)).isTrue();
    }

    @Test
    void anotherConnectionOrAnotherTokensKeyDoesNotFit() {
        assertThat(Proofs.verify(init(), KEY, SERVER_NONCE)).isFalse();
        assertThat(Proofs.verify(init(), Token.random().storedKey(), EXPORTER)).isFalse();
        assertThat(Proofs.verify(init(), StoredKey.dummy(), EXPORTER)).isFalse();
    }

    @Test
    void whoOnlyHasTheStoredKeyCannotMakeAProof() {
        Init honest = init();
        Bytes zeros = Bytes.of(new byte[32]);
        // the best that the key's holder can do is to make up a client key
        Init forged = new Init(honest.versions(), honest.token(), honest.nonce(), honest.options(), zeros);

        assertThat(Proofs.verify(forged, KEY, EXPORTER)).isFalse();
    }

    @Test
    void noBitOfInitCanBeChanged() throws PeerFault {
        byte[] bytes = encode(init());
        for (int bit = Codec.HEADER * 8; bit < bytes.length * 8; bit++) {
            byte[] changed = bytes.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(accepted(changed)).as("bit %d", bit).isFalse();
        }
        assertThat(accepted(bytes)).isTrue();
    }

    private static boolean accepted(byte... bytes) throws PeerFault {
        try {
            return decode(bytes) instanceof Init init && Proofs.verify(init, KEY, EXPORTER);
        } catch (PeerFault refusedBefore) {
            return false;
        }
    }

    @Test
    void noBitOfDataInitCanBeChanged() throws PeerFault {
        byte[] bytes = encode(Proofs.dataInit(SESSION, SECRET, EXPORTER));
        for (int bit = Codec.HEADER * 8; bit < bytes.length * 8; bit++) {
            byte[] changed = bytes.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(attached(changed)).as("bit %d", bit).isFalse();
        }
        assertThat(attached(bytes)).isTrue();
    }

    private static boolean attached(byte... bytes) {
        try {
            return decode(bytes) instanceof DataInit init && Proofs.verify(init, SECRET, EXPORTER);
        } catch (PeerFault refusedBefore) {
            return false;
        }
    }

    @Test
    void aDataChannelOfAnotherSessionOrConnectionDoesNotFit() {
        DataInit init = Proofs.dataInit(SESSION, SECRET, EXPORTER);

        assertThat(Proofs.verify(init, LAST_SECRET, EXPORTER)).isFalse();
        assertThat(Proofs.verify(init, SECRET, SERVER_NONCE)).isFalse();
        assertThat(Proofs.verify(Proofs.dataInit(LAST_SESSION, SECRET, EXPORTER), SECRET, EXPORTER))
                .as("the secret is what counts; the session id finds it")
                .isTrue();
    }

    @Test
    void theLastSessionIsClaimedByItsSecretAlone() throws PeerFault {
        Bytes claim = Proofs.previousSession(LAST_SESSION, LAST_SECRET, EXPORTER);

        assertThat(Proofs.previousSessionId(claim)).isEqualTo(LAST_SESSION);
        assertThat(Proofs.verifyPrevious(claim, LAST_SESSION, LAST_SECRET, EXPORTER)).isTrue();
        assertThat(Proofs.verifyPrevious(claim, LAST_SESSION, SECRET, EXPORTER)).isFalse();
        assertThat(Proofs.verifyPrevious(claim, SESSION, LAST_SECRET, EXPORTER)).isFalse();
        assertThat(Proofs.verifyPrevious(claim, LAST_SESSION, LAST_SECRET, SERVER_NONCE)).isFalse();
    }

    @Test
    void aClaimOfAnotherLengthBreaksTheProtocol() {
        assertThatThrownBy(() -> Proofs.previousSessionId(Bytes.random(47)))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("the previous session's option has 47 bytes");
    }

    @Test
    void withoutTlsTheServerProvesItselfForThisConnectionAlone() {
        Bytes proof = Proofs.server(KEY, SERVER_NONCE, CLIENT_NONCE, SESSION);

        assertThat(proof)
                .isNotEqualTo(Proofs.server(StoredKey.dummy(), SERVER_NONCE, CLIENT_NONCE, SESSION))
                .isNotEqualTo(Proofs.server(KEY, EXPORTER, CLIENT_NONCE, SESSION))
                .isNotEqualTo(Proofs.server(KEY, SERVER_NONCE, EXPORTER, SESSION))
                .isNotEqualTo(Proofs.server(KEY, SERVER_NONCE, CLIENT_NONCE, LAST_SESSION))
                .isNotEqualTo(Proofs.plainSecret(KEY, SERVER_NONCE, CLIENT_NONCE));
    }

    @Test
    void withoutTlsTheSecretBelongsToTokenAndNonces() {
        Bytes secret = Proofs.plainSecret(KEY, SERVER_NONCE, CLIENT_NONCE);

        assertThat(secret)
                .isNotEqualTo(Proofs.plainSecret(StoredKey.dummy(), SERVER_NONCE, CLIENT_NONCE))
                .isNotEqualTo(Proofs.plainSecret(KEY, CLIENT_NONCE, SERVER_NONCE));
    }

    @Test
    void noFrameThatCarriesAProofPrintsIt() {
        assertThat(init().toString()).doesNotContain(init().proof().hex());
    }

    private static Init init() {
        return Proofs.init(TOKEN, EXPORTER, CLIENT_NONCE, Options.NONE.with(7, Bytes.ofHex("cafe")));
    }

    private static byte[] encode(Frame frame) {
        ByteBuffer out = ByteBuffer.allocate(1000);
        Codec.encode(frame, out);
        byte[] bytes = new byte[out.position()];
        out.get(0, bytes);
        return bytes;
    }

    private static Frame decode(byte... bytes) throws PeerFault {
        ByteBuffer payload = ByteBuffer.wrap(bytes, Codec.HEADER, bytes.length - Codec.HEADER);
        return Objects.requireNonNull(Codec.decode(bytes[0], payload));
    }
}
