package tunnel.net;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.InvalidParameterException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGeneratorSpi;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.ProviderException;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Security;
import java.security.SignatureException;
import java.security.SignatureSpi;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.XECPrivateKey;
import java.security.interfaces.XECPublicKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.EdECPoint;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPrivateKeySpec;
import java.security.spec.XECPublicKeySpec;
import java.util.Arrays;
import javax.crypto.KeyAgreementSpi;
import javax.crypto.SecretKey;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.math.ec.rfc7748.X25519;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.jspecify.annotations.Nullable;

/// X25519 (RFC 7748) and Ed25519 (RFC 8032) for the JDK's TLS, by the arithmetic of Bouncy Castle, for which the JDK takes two to twenty
/// times as long: two thirds of a handshake's processor time are saved. Keys stay the JDK's, and so does all else of TLS.
///
/// The three services are what TLS asks for, by these names, public only for the JDK to make them. None is thread-safe, as none has to be.
public final class Curve25519 extends Provider {
    private static final String NAME = "Curve25519";
    private static final int LENGTH = 32; // of keys, points and shared secrets; bytes, the least significant first

    @java.io.Serial
    private static final long serialVersionUID = 1;

    private Curve25519() {
        super(NAME, "1", "X25519 and Ed25519");
        put("KeyPairGenerator.XDH", KeyPairs.class.getName());
        put("Alg.Alias.KeyPairGenerator.X25519", "XDH"); // by which a JDK's hybrid with ML-KEM asks
        put("KeyAgreement.XDH", Agreement.class.getName());
        put("Signature.Ed25519", Signing.class.getName());
    }

    /// For the whole process, before the first handshake. Who begins with what this does not know, another curve or another kind of
    /// key, gets the JDK's as before.
    public static void install() {
        Security.insertProviderAt(new Curve25519(), 1); // a second one of the name changes nothing
    }

    private static boolean isCurve(AlgorithmParameterSpec parameters, NamedParameterSpec curve) {
        return parameters instanceof NamedParameterSpec named && named.getName().equalsIgnoreCase(curve.getName());
    }

    /// @throws InvalidKeyException where it has more than the 255 bits of a coordinate
    private static byte[] littleEndian(BigInteger number) throws InvalidKeyException {
        if (number.signum() < 0 || number.bitLength() >= LENGTH * Byte.SIZE) {
            throw new InvalidKeyException("a coordinate is out of range");
        }
        byte[] bigEndian = number.toByteArray();
        byte[] bytes = new byte[LENGTH];
        for (int i = 0; i < bigEndian.length; i++) {
            bytes[i] = bigEndian[bigEndian.length - 1 - i];
        }
        return bytes;
    }

    private static BigInteger number(byte[] littleEndian) {
        byte[] bigEndian = new byte[LENGTH];
        for (int i = 0; i < LENGTH; i++) {
            bigEndian[i] = littleEndian[LENGTH - 1 - i];
        }
        return new BigInteger(1, bigEndian);
    }

    /// New keys for X25519.
    public static final class KeyPairs extends KeyPairGeneratorSpi {
        private @Nullable SecureRandom random;

        @Override
        public void initialize(AlgorithmParameterSpec parameters, SecureRandom random)
                throws InvalidAlgorithmParameterException {
            if (!isCurve(parameters, NamedParameterSpec.X25519)) {
                throw new InvalidAlgorithmParameterException("another curve");
            }
            this.random = random;
        }

        @Override
        public void initialize(int bits, SecureRandom random) {
            throw new InvalidParameterException("the curve goes by its name");
        }

        @Override
        public KeyPair generateKeyPair() {
            byte[] scalar = new byte[LENGTH];
            byte[] point = new byte[LENGTH];
            X25519.generatePrivateKey(random == null ? new SecureRandom() : random, scalar);
            X25519.generatePublicKey(scalar, 0, point, 0);
            try {
                KeyFactory keys = KeyFactory.getInstance("XDH");
                return new KeyPair(
                        keys.generatePublic(new XECPublicKeySpec(NamedParameterSpec.X25519, number(point))),
                        keys.generatePrivate(new XECPrivateKeySpec(NamedParameterSpec.X25519, scalar)));
            } catch (GeneralSecurityException e) {
                throw new ProviderException("every JDK has keys for X25519", e);
            } finally {
                Arrays.fill(scalar, (byte) 0);
            }
        }
    }

    /// What two have in common by their keys for X25519.
    public static final class Agreement extends KeyAgreementSpi {
        private byte @Nullable [] scalar;
        private byte @Nullable [] secret;

        @Override
        protected void engineInit(Key key, SecureRandom random) throws InvalidKeyException {
            if (!(key instanceof XECPrivateKey own && isCurve(own.getParams(), NamedParameterSpec.X25519))) {
                throw new InvalidKeyException("not a private key for X25519");
            }
            scalar = own.getScalar().orElseThrow(() -> new InvalidKeyException("the key does not tell its scalar"));
            secret = null;
        }

        @Override
        protected void engineInit(Key key, AlgorithmParameterSpec parameters, SecureRandom random)
                throws InvalidKeyException, InvalidAlgorithmParameterException {
            throw new InvalidAlgorithmParameterException("there are no parameters");
        }

        @Override
        protected @Nullable Key engineDoPhase(Key key, boolean last) throws InvalidKeyException {
            secret = null;
            if (!(key instanceof XECPublicKey peer && isCurve(peer.getParams(), NamedParameterSpec.X25519))) {
                throw new InvalidKeyException("not a public key for X25519");
            }
            if (scalar == null || !last) {
                throw new IllegalStateException("there are two parties, and one's own key comes first");
            }
            byte[] agreed = new byte[LENGTH];
            // RFC 8446, section 7.4.2: a secret of zeros is refused, which some points bring about.
            if (!X25519.calculateAgreement(scalar, 0, littleEndian(peer.getU()), 0, agreed, 0)) {
                throw new InvalidKeyException("the peer's point is of small order");
            }
            secret = agreed;
            return null;
        }

        @Override
        protected byte[] engineGenerateSecret() {
            if (secret == null) {
                throw new IllegalStateException("there is no other party yet");
            }
            byte[] agreed = secret;
            secret = null;
            return agreed;
        }

        @Override
        protected int engineGenerateSecret(byte[] target, int offset) throws ShortBufferException {
            if (target.length - offset < LENGTH) {
                throw new ShortBufferException("a secret has " + LENGTH + " bytes");
            }
            System.arraycopy(engineGenerateSecret(), 0, target, offset, LENGTH);
            return LENGTH;
        }

        @Override
        protected SecretKey engineGenerateSecret(String algorithm) {
            byte[] agreed = engineGenerateSecret();
            try {
                return new SecretKeySpec(agreed, algorithm);
            } finally {
                Arrays.fill(agreed, (byte) 0);
            }
        }
    }

    /// Signatures by Ed25519, made and checked.
    public static final class Signing extends SignatureSpi {
        private final ByteArrayOutputStream message = new ByteArrayOutputStream();
        private byte @Nullable [] secret;
        private byte @Nullable [] point;

        @Override
        protected void engineInitSign(PrivateKey key) throws InvalidKeyException {
            if (!(key instanceof EdECPrivateKey own && isCurve(own.getParams(), NamedParameterSpec.ED25519))) {
                throw new InvalidKeyException("not a private key for Ed25519");
            }
            message.reset();
            point = null;
            secret = own.getBytes().orElseThrow(() -> new InvalidKeyException("the key does not tell its bytes"));
        }

        @Override
        protected void engineInitVerify(PublicKey key) throws InvalidKeyException {
            if (!(key instanceof EdECPublicKey peer && isCurve(peer.getParams(), NamedParameterSpec.ED25519))) {
                throw new InvalidKeyException("not a public key for Ed25519");
            }
            message.reset();
            secret = null;
            point = encoded(peer.getPoint());
        }

        /// RFC 8032, section 5.1.2.
        private static byte[] encoded(EdECPoint point) throws InvalidKeyException {
            byte[] bytes = littleEndian(point.getY());
            if (point.isXOdd()) {
                bytes[LENGTH - 1] |= (byte) 0x80;
            }
            return bytes;
        }

        @Override
        protected void engineUpdate(byte b) {
            message.write(b);
        }

        @Override
        protected void engineUpdate(byte[] bytes, int offset, int length) {
            message.write(bytes, offset, length);
        }

        @Override
        protected byte[] engineSign() throws SignatureException {
            if (secret == null) {
                throw new SignatureException("there is no private key");
            }
            byte[] signed = takeMessage();
            byte[] signature = new byte[Ed25519.SIGNATURE_SIZE];
            Ed25519.sign(secret, 0, signed, 0, signed.length, signature, 0);
            return signature;
        }

        @Override
        protected boolean engineVerify(byte[] signature) throws SignatureException {
            if (point == null) {
                throw new SignatureException("there is no public key");
            }
            byte[] signed = takeMessage();
            return signature.length == Ed25519.SIGNATURE_SIZE
                    && Ed25519.verify(signature, 0, point, 0, signed, 0, signed.length);
        }

        private byte[] takeMessage() {
            byte[] all = message.toByteArray();
            message.reset();
            return all;
        }

        @Override
        protected void engineSetParameter(@Nullable AlgorithmParameterSpec parameters)
                throws InvalidAlgorithmParameterException {
            if (parameters != null) {
                throw new InvalidAlgorithmParameterException("there are no parameters");
            }
        }

        @Override
        @Deprecated
        protected void engineSetParameter(String name, Object value) {
            throw new InvalidParameterException("there are no parameters");
        }

        @Override
        @Deprecated
        protected Object engineGetParameter(String name) {
            throw new InvalidParameterException("there are no parameters");
        }
    }
}
