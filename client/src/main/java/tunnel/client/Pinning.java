package tunnel.client;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import tunnel.net.TlsClient;
import tunnel.protocol.Pin;

/// Trusts the server with the pinned key and no other; names, dates and issuers do not matter.
final class Pinning extends X509ExtendedTrustManager {
    /// The server has another key.
    static final class PinMismatch extends CertificateException {
        @java.io.Serial
        private static final long serialVersionUID = 1;

        PinMismatch(Pin actual) {
            super("its key is " + actual);
        }
    }

    private final Pin pin;

    private Pinning(Pin pin) {
        this.pin = pin;
    }

    /// For the client's end of TLS.
    static TlsClient tls(Pin pin) {
        try {
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(null, new TrustManager[] {new Pinning(pin)}, null);
            return new TlsClient(context);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has TLS 1.3", e);
        }
    }

    private void check(X509Certificate[] chain) throws CertificateException {
        Pin actual = Pin.of(chain[0].getPublicKey());
        if (!actual.hash().equals(pin.hash())) { // a record's own equals would be made at run time, in each start
            throw new PinMismatch(actual);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) throws CertificateException {
        throw new CertificateException("there are no client certificates");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) throws CertificateException {
        throw new CertificateException("there are no client certificates");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("there are no client certificates");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
