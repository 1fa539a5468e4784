package tunnel.server;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.bouncycastle.asn1.DERGeneralizedTime;
import org.bouncycastle.asn1.DERUTCTime;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import tunnel.net.Curve25519;
import tunnel.protocol.Pin;

/// The server's identity: an Ed25519 key (RFC 8032), or one of another kind that is there already, and the self-signed certificate
/// that TLS wants around it. Clients pin the key and look at nothing else, so the certificate's name is for show and its dates
/// never matter.
record ServerKey(PrivateKey key, X509Certificate certificate) {
    private static final String KEY_FILE = "key.pem";
    private static final String CERTIFICATE_FILE = "certificate.pem";
    /// After each handshake: what a client needs to resume it for the data channels that its session has at rest. More of them, at a
    /// time when no code is compiled yet, would cost everybody what only bursts give back.
    private static final String TICKETS = "4";
    private static final Time NOT_BEFORE = new Time(new DERUTCTime("250101000000Z"));
    /// No end: RFC 5280, section 4.1.2.5.
    private static final Time NOT_AFTER = new Time(new DERGeneralizedTime("99991231235959Z"));

    /// The one in the state directory, made there at first start.
    ///
    /// @throws IOException with a sentence for the operator when it is unreadable; it is never replaced silently, since all
    ///     clients pin it
    static ServerKey in(StateDirectory state) throws IOException {
        String key = state.read(KEY_FILE);
        String certificate = state.read(CERTIFICATE_FILE);
        try {
            if (key != null && certificate != null) {
                return read(key, certificate);
            }
            ServerKey made = make();
            state.write(CERTIFICATE_FILE, pem("CERTIFICATE", made.certificate.getEncoded()));
            state.write(KEY_FILE, pem("PRIVATE KEY", made.key.getEncoded()));
            return made;
        } catch (GeneralSecurityException | OperatorCreationException | IllegalArgumentException e) {
            throw unusable(state, e);
        }
    }

    /// Whether the key that is there can be read and is the certificate's.
    ///
    /// @throws IOException with a sentence for the operator where it cannot
    static void check(StateDirectory state) throws IOException {
        String key = state.read(KEY_FILE);
        String certificate = state.read(CERTIFICATE_FILE);
        try {
            if (key == null || certificate == null) {
                throw new GeneralSecurityException("it is not there");
            }
            read(key, certificate).checkPair();
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw unusable(state, e);
        }
    }

    private static IOException unusable(StateDirectory state, Exception why) {
        return new IOException(
                "the server's key in " + state.path(KEY_FILE) + ", with " + CERTIFICATE_FILE + " beside it, cannot be used: "
                        + why.getMessage() + ". Restore both from a backup, or remove both for a new key, which every client then has to be told with a new"
                        + " join string",
                why);
    }

    private static ServerKey make() throws GeneralSecurityException, OperatorCreationException {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        X500Name name = new X500Name("CN=tunnel-server");
        var builder = new JcaX509v3CertificateBuilder(
                name,
                new BigInteger(63, new SecureRandom()).add(BigInteger.ONE),
                NOT_BEFORE,
                NOT_AFTER,
                name,
                pair.getPublic());
        var signer = new JcaContentSignerBuilder("Ed25519").build(pair.getPrivate());
        X509Certificate certificate = new JcaX509CertificateConverter().getCertificate(builder.build(signer));
        return new ServerKey(pair.getPrivate(), certificate);
    }

    private static ServerKey read(String key, String certificate) throws GeneralSecurityException {
        var parsed = (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(bytes(certificate)));
        KeyFactory factory = KeyFactory.getInstance(parsed.getPublicKey().getAlgorithm());
        return new ServerKey(factory.generatePrivate(new PKCS8EncodedKeySpec(bytes(key))), parsed);
    }

    private void checkPair() throws GeneralSecurityException {
        Signature signature = Signature.getInstance(switch (key.getAlgorithm()) {
            case "EC" -> "SHA256withECDSA";
            case "RSA" -> "SHA256withRSA";
            default -> key.getAlgorithm(); // EdDSA
        });
        signature.initSign(key);
        signature.update(certificate.getSignature());
        byte[] signed = signature.sign();
        signature.initVerify(certificate);
        signature.update(certificate.getSignature());
        if (!signature.verify(signed)) {
            throw new GeneralSecurityException("the certificate is not this key's");
        }
    }

    static String pem(String type, byte[] bytes) {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        return "-----BEGIN " + type + "-----\n" + base64 + "\n-----END " + type + "-----\n";
    }

    private static byte[] bytes(String pem) {
        return Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
    }

    Pin pin() {
        return Pin.of(certificate.getPublicKey());
    }

    /// For the server's end of TLS. Its key goes through a store that is never written: one of the kind that protects keys by
    /// 10,000 rounds of hashing would take a fifth of the start for that. For the whole process it brings the arithmetic of
    /// {@link Curve25519}, and says how many tickets clients get to resume by, which the JDK asks for once, before the first
    /// handshake.
    SSLContext tls() throws IOException {
        System.getProperties().putIfAbsent("jdk.tls.server.newSessionTicketCount", TICKETS);
        Curve25519.install();
        try {
            KeyStore store = KeyStore.getInstance("JKS");
            store.load(null, null);
            store.setKeyEntry("server", key, new char[0], new X509Certificate[] {certificate});
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, new char[0]);
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(keys.getKeyManagers(), new TrustManager[0], null); // without an array it would read all public authorities
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("the server's key cannot be used for TLS: " + e.getMessage() + ". Restore it from a backup", e);
        }
    }
}
