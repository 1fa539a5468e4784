package tunnel.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Security;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.XECPrivateKey;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.security.spec.XECPrivateKeySpec;
import java.security.spec.XECPublicKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;
import javax.crypto.KeyAgreement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class Curve25519Test {
    private static final HexFormat HEX = HexFormat.of();
    private static final String OURS = "Curve25519";
    private static final String JDK = "SunEC";
    private static final String X25519_HEADER = "302a300506032b656e032100"; // of a SubjectPublicKeyInfo, RFC 8410
    private static final String ED25519_HEADER = "302a300506032b6570032100";

    @BeforeAll
    static void install() {
        Curve25519.install();
        Curve25519.install();
    }

    @Test
    void isThereOnceAndAskedFirst() throws GeneralSecurityException {
        assertThat(Arrays.stream(Security.getProviders()).filter(Curve25519.class::isInstance)).hasSize(1);
        KeyPairGenerator keys = KeyPairGenerator.getInstance("XDH"); // as TLS asks
        keys.initialize(new NamedParameterSpec("x25519"), new SecureRandom());
        KeyPairGenerator hybrid = KeyPairGenerator.getInstance("X25519");
        KeyPair pair = keys.generateKeyPair();
        KeyAgreement agreement = KeyAgreement.getInstance("XDH");
        agreement.init(pair.getPrivate());
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPrivate());

        assertThat(keys.getProvider().getName()).isEqualTo(OURS);
        assertThat(hybrid.getProvider().getName()).isEqualTo(OURS);
        assertThat(agreement.getProvider().getName()).isEqualTo(OURS);
        assertThat(signature.getProvider().getName()).isEqualTo(OURS);
    }

    @Test
    void leavesOtherCurvesToTheJdk() throws GeneralSecurityException {
        KeyPairGenerator keys = KeyPairGenerator.getInstance("XDH");
        keys.initialize(NamedParameterSpec.X448);
        KeyPair pair = keys.generateKeyPair();
        KeyAgreement agreement = KeyAgreement.getInstance("XDH");
        agreement.init(pair.getPrivate());
        agreement.doPhase(pair.getPublic(), true);

        assertThat(agreement.generateSecret()).hasSize(56);
        assertThat(agreement.getProvider().getName()).isEqualTo(JDK);
    }

    @Test
    void leavesKeysThatDoNotTellTheirBytesToTheJdk() throws GeneralSecurityException {
        KeyAgreement agreement = KeyAgreement.getInstance("XDH", OURS);
        assertThatThrownBy(() -> agreement.init(new Silent(NamedParameterSpec.X25519))).hasMessageContaining("does not tell");
        Signature signature = Signature.getInstance("Ed25519", OURS);
        assertThatThrownBy(() -> signature.initSign(new Silent(NamedParameterSpec.ED25519))).hasMessageContaining("does not tell");
    }

    /// As one in hardware.
    private record Silent(NamedParameterSpec curve) implements XECPrivateKey, EdECPrivateKey {
        @Override
        public NamedParameterSpec getParams() {
            return curve;
        }

        @Override
        public Optional<byte[]> getScalar() {
            return Optional.empty();
        }

        @Override
        public Optional<byte[]> getBytes() {
            return Optional.empty();
        }

        @Override
        public String getAlgorithm() {
            return "one of " + curve.getName();
        }

        @Override
        public @Nullable String getFormat() {
            return null;
        }

        @Override
        public byte @Nullable [] getEncoded() {
            return null;
        }
    }

    /// RFC 7748, section 6.1.
    @Test
    void agreesAsTheStandardSays() throws GeneralSecurityException {
        PrivateKey bob = KeyFactory.getInstance("XDH").generatePrivate(new XECPrivateKeySpec(
                NamedParameterSpec.X25519,
                HEX.parseHex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb")));
        PublicKey alice = KeyFactory.getInstance("XDH").generatePublic(new X509EncodedKeySpec(
                HEX.parseHex(X25519_HEADER + "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a")));

        assertThat(HEX.formatHex(secret(OURS, bob, alice)))
                .isEqualTo("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
    }

    /// RFC 8032, section 7.1.
    @ParameterizedTest
    @CsvSource({
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60,"
                + " d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a, '',"
                + " e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb,"
                + " 3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c, 72,"
                + " 92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    })
    void signsAsTheStandardSays(String secret, String point, String message, String expected) throws GeneralSecurityException {
        KeyFactory keys = KeyFactory.getInstance("Ed25519");
        PrivateKey own = keys.generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, HEX.parseHex(secret)));
        PublicKey known = keys.generatePublic(new X509EncodedKeySpec(HEX.parseHex(ED25519_HEADER + point)));

        assertThat(HEX.formatHex(sign(OURS, own, HEX.parseHex(message)))).isEqualTo(expected);
        assertThat(verify(OURS, known, HEX.parseHex(message), HEX.parseHex(expected))).isTrue();
    }

    @RepeatedTest(50)
    void agreesWithTheJdk() throws GeneralSecurityException {
        KeyPair ours = KeyPairGenerator.getInstance("XDH", OURS).generateKeyPair();
        KeyPair theirs = KeyPairGenerator.getInstance("X25519", JDK).generateKeyPair();

        assertThat(secret(OURS, ours, theirs)).isEqualTo(secret(JDK, theirs, ours));
        assertThat(secret(OURS, theirs, ours)).isEqualTo(secret(JDK, ours, theirs));
    }

    @RepeatedTest(50)
    void signsAndChecksWhatTheJdkDoes() throws GeneralSecurityException {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        byte[] message = new byte[RandomGenerator.getDefault().nextInt(1000)];
        RandomGenerator.getDefault().nextBytes(message);
        byte[] signature = sign(OURS, pair.getPrivate(), message);

        assertThat(signature).isEqualTo(sign(JDK, pair.getPrivate(), message));
        assertThat(verify(JDK, pair.getPublic(), message, signature)).isTrue();
        assertThat(verify(OURS, pair.getPublic(), message, signature)).isTrue();
    }

    /// Also under a key, a signature and a length that are another's.
    @Test
    void refusesWhatWasNotSigned() throws GeneralSecurityException {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        byte[] message = {1, 2, 3};
        byte[] signature = sign(OURS, pair.getPrivate(), message);
        for (int bit = 0; bit < signature.length * 8; bit++) {
            byte[] changed = signature.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(verify(OURS, pair.getPublic(), message, changed)).as("bit %d", bit).isFalse();
        }

        assertThat(verify(OURS, pair.getPublic(), new byte[] {1, 2}, signature)).isFalse();
        assertThat(verify(OURS, pair.getPublic(), message, Arrays.copyOf(signature, 63))).isFalse();
        assertThat(verify(OURS, pair.getPublic(), message, Arrays.copyOf(signature, 65))).isFalse();
        assertThat(verify(OURS, pair.getPublic(), message, withOrderAdded(signature))).as("malleable").isFalse();
        PublicKey another = KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPublic();
        assertThat(verify(OURS, another, message, signature)).isFalse();
    }

    /// The same in arithmetic, and another in bytes: RFC 8032, section 5.1.7.
    private static byte[] withOrderAdded(byte[] signature) {
        BigInteger order = BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));
        byte[] bigEndian = new byte[32];
        for (int i = 0; i < 32; i++) {
            bigEndian[i] = signature[63 - i];
        }
        byte[] sum = new BigInteger(1, bigEndian).add(order).toByteArray();
        byte[] other = signature.clone();
        for (int i = 0; i < 32; i++) {
            other[32 + i] = i < sum.length ? sum[sum.length - 1 - i] : 0;
        }
        return other;
    }

    @Test
    void beginsAnew() throws GeneralSecurityException {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        Signature signature = Signature.getInstance("Ed25519", OURS);
        signature.initSign(pair.getPrivate());
        signature.update((byte) 1);
        byte[] first = signature.sign();
        signature.update((byte) 1);
        assertThat(signature.sign()).isEqualTo(first);

        KeyPair own = KeyPairGenerator.getInstance("XDH", OURS).generateKeyPair();
        KeyAgreement agreement = KeyAgreement.getInstance("XDH", OURS);
        agreement.init(own.getPrivate());
        agreement.doPhase(own.getPublic(), true);
        assertThat(agreement.generateSecret()).hasSize(32);
        assertThatThrownBy(agreement::generateSecret).isInstanceOf(IllegalStateException.class);
        agreement.doPhase(own.getPublic(), true);
        assertThatThrownBy(() -> agreement.doPhase(point("0"), true)).isInstanceOf(InvalidKeyException.class);
        assertThatThrownBy(agreement::generateSecret).isInstanceOf(IllegalStateException.class);
    }

    /// Under such a key anybody can sign.
    @Test
    void refusesSignersOfSmallOrder() throws GeneralSecurityException {
        PublicKey neutral = KeyFactory.getInstance("Ed25519")
                .generatePublic(new EdECPublicKeySpec(NamedParameterSpec.ED25519, new EdECPoint(false, BigInteger.ONE)));
        byte[] forged = new byte[64];
        forged[0] = 1; // R is the neutral element too, and S is 0
        assertThat(verify(OURS, neutral, new byte[] {1}, forged)).isFalse();
    }

    @Test
    void refusesACoordinateOutOfRange() throws GeneralSecurityException {
        PublicKey large = KeyFactory.getInstance("Ed25519").generatePublic(
                new EdECPublicKeySpec(NamedParameterSpec.ED25519, new EdECPoint(false, BigInteger.TWO.pow(255))));
        assertThatThrownBy(() -> verify(OURS, large, new byte[1], new byte[64])).isInstanceOf(InvalidKeyException.class);
    }

    /// RFC 8446, section 7.4.2: whoever sends such a point knows the secret beforehand.
    @ParameterizedTest
    @ValueSource(strings = {
        "0",
        "1",
        "325606250916557431795983626356110631294008115727848805560023387167927233504",
        "39382357235489614581723060781553021112529911719440698176882885853963445705823",
        "57896044618658097711785492504343953926634992332820282019728792003956564819948"
    })
    void refusesPointsOfSmallOrder(String u) throws GeneralSecurityException {
        KeyPair pair = KeyPairGenerator.getInstance("XDH", OURS).generateKeyPair();
        PublicKey point = point(u);
        assertThatThrownBy(() -> secret(OURS, pair.getPrivate(), point)).isInstanceOf(InvalidKeyException.class);
    }

    private static PublicKey point(String u) throws GeneralSecurityException {
        return KeyFactory.getInstance("XDH")
                .generatePublic(new XECPublicKeySpec(NamedParameterSpec.X25519, new BigInteger(u)));
    }

    private static byte[] secret(String provider, KeyPair own, KeyPair peer) throws GeneralSecurityException {
        return secret(provider, own.getPrivate(), peer.getPublic());
    }

    private static byte[] secret(String provider, PrivateKey own, PublicKey peer) throws GeneralSecurityException {
        KeyAgreement agreement = KeyAgreement.getInstance("XDH", provider);
        agreement.init(own);
        agreement.doPhase(peer, true);
        return agreement.generateSecret();
    }

    private static byte[] sign(String provider, PrivateKey key, byte[] message) throws GeneralSecurityException {
        Signature signature = Signature.getInstance("Ed25519", provider);
        signature.initSign(key);
        signature.update(message);
        return signature.sign();
    }

    private static boolean verify(String provider, PublicKey key, byte[] message, byte[] signed) throws GeneralSecurityException {
        Signature signature = Signature.getInstance("Ed25519", provider);
        signature.initVerify(key);
        signature.update(message);
        return signature.verify(signed);
    }
}
