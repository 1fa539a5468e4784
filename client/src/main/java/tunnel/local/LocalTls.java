package tunnel.local;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import tunnel.net.Deadlines;
import tunnel.net.Elsewhere;
import tunnel.net.HostPort;
import tunnel.net.PlainTransport;
import tunnel.net.Transport;

/// TLS to the local service. Which certificates are good is the JDK's business, or nobody's.
final class LocalTls {
    static {
        requireFarewells();
    }

    private final HostPort address;
    private final boolean verified;
    private final SSLContext context;
    private final Deadlines deadlines;

    /// The service cannot be spoken to as it is, and trying again does not help; the message has the cure.
    static final class Untrusted extends IOException {
        @java.io.Serial
        private static final long serialVersionUID = 1;

        Untrusted(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /// @param verified whether the certificate has to be for the host
    /// @param context which knows what certificates are trusted
    LocalTls(HostPort address, boolean verified, SSLContext context, Deadlines deadlines) {
        this.address = address;
        this.verified = verified;
        this.context = context;
        this.deadlines = deadlines;
    }

    /// Makes the JDK tell an end without TLS's farewell from one in order, which it does for all of a process or not at all, as
    /// it is told before the first `SSLSocket`. The client has no others.
    static void requireFarewells() {
        System.setProperty("com.sun.net.ssl.requireCloseNotify", "true");
    }

    static LocalTls of(Local.Service service, Deadlines deadlines) {
        boolean verified = service.security() == Local.Security.VERIFIED;
        return new LocalTls(service.address(), verified, context(verified), deadlines);
    }

    private static SSLContext context(boolean verified) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, verified ? null : new TrustManager[] {new AnyCertificate()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has TLS", e);
        }
    }

    /// Completes the handshake, or closes the connection, which belongs to the answer from here on.
    ///
    /// @throws SocketTimeoutException when it takes longer than `most`
    /// @throws Untrusted when the certificate is not good, or the service does not speak TLS
    Transport secure(PlainTransport raw, Duration most) throws IOException {
        try (var deadline = deadlines.after(most, raw::close)) {
            try {
                Socket socket = raw.asSocket();
                TlsConnection connection = new TlsConnection(raw, configured(
                        (SSLSocket) context.getSocketFactory().createSocket(socket, address.host(), address.port(), true)));
                // it computes for milliseconds between its waits, each of which the deadline ends
                Elsewhere.call("handshake with " + address, most.plusSeconds(1), () -> {
                    connection.handshake();
                    return connection;
                });
                return connection;
            } catch (IOException e) {
                raw.close();
                throw deadline.expired() ? new SocketTimeoutException("no answer to the TLS handshake") : inWords(e);
            } catch (RuntimeException | Error e) { // no thread can be started, say
                raw.close();
                throw e;
            }
        }
    }

    private SSLSocket configured(SSLSocket socket) {
        SSLParameters parameters = socket.getSSLParameters();
        if (verified) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        try {
            parameters.setServerNames(List.of(new SNIHostName(address.host())));
        } catch (IllegalArgumentException addressOrOddName) {
            parameters.setServerNames(List.of()); // SNI is for names (RFC 6066, section 3)
        }
        socket.setSSLParameters(parameters);
        return socket;
    }

    private IOException inWords(IOException e) {
        if (!(e instanceof SSLException)) {
            return e;
        }
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException) {
                return new Untrusted(
                        "the certificate of " + address + " is not trusted: use --local-insecure to accept any (" + e.getMessage()
                                + ")",
                        e);
            }
        }
        return String.valueOf(e.getMessage()).contains("Unsupported or unrecognized SSL message")
                ? new Untrusted(address + " does not speak TLS: use --local http://" + address, e)
                : new IOException("no TLS: " + e.getMessage(), e);
    }

    /// For `--local-insecure`.
    private static final class AnyCertificate extends X509ExtendedTrustManager {
        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) throws CertificateException {
            throw new CertificateException("this is a client");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            throw new CertificateException("this is a client");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            throw new CertificateException("this is a client");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
