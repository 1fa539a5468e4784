package tunnel.local;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/// A local service under TLS, with a certificate of its own making for `localhost`. It tells each connection to `work`.
public final class TlsService {
    static {
        LocalTls.requireFarewells(); // whichever of the two is there first
    }

    private static final char[] PASSWORD = "changeit".toCharArray();

    /// What it does with a connection, which is closed afterwards.
    interface Work {
        void with(SSLSocket connection) throws IOException;
    }

    private final SSLServerSocket listener;
    private final Thread acceptor;
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private final List<Socket> accepted = new CopyOnWriteArrayList<>();

    TlsService(KeyStore key, Work work, String... protocols) throws Exception {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(key, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        listener = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        if (protocols.length > 0) {
            listener.setEnabledProtocols(protocols);
        }
        acceptor = Thread.ofVirtual().name("accept-tls").start(() -> accept(work));
    }

    /// Makes a key and a self-signed certificate for `localhost`, by the JDK's own tool.
    public static KeyStore key(Path folder) throws Exception {
        Path file = folder.resolve("key.p12");
        Process made = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair", "-alias", "k",
                        "-keyalg", "EC", "-dname", "CN=localhost", "-ext", "san=dns:localhost", "-validity", "30", "-storetype",
                        "PKCS12", "-keystore", file.toString(), "-storepass", "changeit")
                .redirectErrorStream(true)
                .start();
        made.getInputStream().readAllBytes();
        if (made.waitFor() != 0) {
            throw new IOException("keytool failed");
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD);
        }
        return store;
    }

    /// What a JDK would have that trusts this certificate.
    static SSLContext trusting(KeyStore key) throws Exception {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        trusted.setCertificateEntry("k", key.getCertificate("k"));
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        return context;
    }

    int port() {
        return listener.getLocalPort();
    }

    private void accept(Work work) {
        try {
            while (true) {
                SSLSocket connection = (SSLSocket) listener.accept();
                accepted.add(connection);
                threads.add(Thread.ofVirtual().name("stream-tls").start(() -> serve(connection, work)));
            }
        } catch (SocketException closed) {
            // that is the end
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void serve(SSLSocket connection, Work work) {
        try (connection) {
            work.with(connection);
        } catch (IOException e) {
            // the other end left, or did not like the certificate
        }
    }

    /// Closes its connections and returns when its threads have ended.
    void stop() throws IOException, InterruptedException {
        listener.close();
        acceptor.join();
        for (Socket one : accepted) {
            one.close();
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }
}
