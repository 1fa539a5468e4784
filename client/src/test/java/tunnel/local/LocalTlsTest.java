package tunnel.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tunnel.fixture.LeakCheck;
import tunnel.fixture.LogLines;
import tunnel.local.Local.Security;
import tunnel.net.Dialer;
import tunnel.net.HostPort;
import tunnel.net.Resources;
import tunnel.net.Transport;

@ExtendWith(LeakCheck.class)
@Timeout(60)
class LocalTlsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int BULK = 20 << 20;

    @TempDir
    private static Path folder;

    private static KeyStore key;

    private final Resources resources = new Resources();
    private @Nullable TlsService running;

    @BeforeAll
    static void makeKey() throws Exception {
        key = TlsService.key(folder);
    }

    @AfterEach
    void stop() throws Exception {
        if (running != null) {
            running.stop();
        }
        resources.close();
    }

    private Local.Service serving(TlsService.Work work, Security security, String... protocols) throws Exception {
        TlsService service = new TlsService(key, work, protocols);
        running = service;
        return new Local.Service(new HostPort("localhost", service.port()), security);
    }

    private Transport dial(Local.Service service) throws IOException {
        return new LocalService(service, resources).dial(() -> {}, () -> true);
    }

    private static void echo(SSLSocket connection) throws IOException {
        connection.getInputStream().transferTo(connection.getOutputStream());
    }

    /// Reads to the end on a thread of its own, as the relay does.
    private static CompletableFuture<byte[]> readAll(Transport connection) {
        CompletableFuture<byte[]> all = new CompletableFuture<>();
        Thread.ofVirtual().name("stream-up").start(() -> {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            ByteBuffer buffer = ByteBuffer.allocateDirect(50_000);
            try {
                while (connection.read(buffer.clear()) >= 0) {
                    byte[] piece = new byte[buffer.flip().remaining()];
                    buffer.get(piece);
                    bytes.writeBytes(piece);
                }
                all.complete(bytes.toByteArray());
            } catch (IOException e) {
                all.completeExceptionally(e);
            }
        });
        return all;
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void bytesGoBothWays(String protocol) throws Exception {
        try (Transport connection = dial(serving(LocalTlsTest::echo, Security.ANY_CERTIFICATE, protocol))) {
            ByteBuffer answer = ByteBuffer.allocate(100);
            for (String text : new String[] {"hello", "again"}) {
                connection.write(ByteBuffer.wrap(text.getBytes(UTF_8)));
                answer.clear();
                while (answer.position() < text.length()) {
                    assertThat(connection.read(answer)).isPositive();
                }
                assertThat(new String(answer.array(), 0, answer.position(), UTF_8)).isEqualTo(text);
            }
        }
    }

    @Test
    void bulkGoesBothWaysAtOnceAndTheHalfCloseEndsIt() throws Exception {
        byte[] bulk = new byte[BULK];
        new Random(1).nextBytes(bulk);
        try (Transport connection = dial(serving(LocalTlsTest::echo, Security.ANY_CERTIFICATE))) {
            CompletableFuture<byte[]> echoed = readAll(connection);
            connection.write(ByteBuffer.wrap(bulk));
            connection.shutdownOutput();

            assertThat(echoed.get()).isEqualTo(bulk);
        }
    }

    @Test
    void aHalfCloseIsHeardWhileTheOtherHalfIsBeingRead() throws Exception {
        CountDownLatch greeted = new CountDownLatch(1);
        Local.Service service = serving(
                connection -> {
                    connection.getOutputStream().write('!');
                    greeted.countDown();
                    byte[] all = connection.getInputStream().readAllBytes(); // to the farewell
                    connection.getOutputStream().write(("got " + all.length).getBytes(UTF_8));
                },
                Security.ANY_CERTIFICATE);
        try (Transport connection = dial(service)) {
            CompletableFuture<byte[]> answer = readAll(connection);
            greeted.await();
            connection.write(ByteBuffer.wrap(new byte[70_000]));
            connection.shutdownOutput();

            assertThat(new String(answer.get(), UTF_8)).isEqualTo("!got 70000");
        }
    }

    @Test
    void beforeTls13AHalfCloseWaitsSoThatTheAnswerIsNotCutOff() throws Exception {
        Local.Service service = serving(
                connection -> {
                    assertThat(connection.getInputStream().readNBytes(3)).hasSize(3);
                    connection.getOutputStream().write(new byte[300_000]);
                },
                Security.ANY_CERTIFICATE,
                "TLSv1.2");
        try (Transport connection = dial(service)) {
            CompletableFuture<byte[]> answer = readAll(connection);
            connection.write(ByteBuffer.wrap(new byte[3]));
            connection.shutdownOutput();

            assertThat(answer.get()).hasSize(300_000);
        }
    }

    @Test
    void aResetReachesTheServiceAndWakesTheReader() throws Exception {
        CompletableFuture<Exception> heard = new CompletableFuture<>();
        CountDownLatch begun = new CountDownLatch(1);
        Local.Service service = serving(
                connection -> {
                    try {
                        assertThat(connection.getInputStream().read()).isEqualTo(1);
                        begun.countDown();
                        assertThat(connection.getInputStream().read()).isEqualTo(-2);
                    } catch (IOException e) {
                        heard.complete(e);
                    }
                },
                Security.ANY_CERTIFICATE);
        try (Transport connection = dial(service)) {
            connection.write(ByteBuffer.wrap(new byte[] {1}));
            begun.await();
            CompletableFuture<byte[]> reading = readAll(connection);
            connection.reset();

            assertThat(heard.get()).hasMessageContaining("reset");
            assertThatThrownBy(reading::get).hasCauseInstanceOf(IOException.class);
        }
    }

    @Test
    void aResetWakesAWriterThatIsBlocked() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        Local.Service service = serving(
                connection -> {
                    connection.startHandshake();
                    try {
                        end.await(); // reads nothing
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                Security.ANY_CERTIFICATE);
        try (Transport connection = dial(service);
                var _ = resources.deadlines().after(Duration.ofMillis(300), connection::reset)) {
            ByteBuffer much = ByteBuffer.allocate(64 << 20);
            assertThatThrownBy(() -> connection.write(much)).isInstanceOf(IOException.class);
        } finally {
            end.countDown();
        }
    }

    @Test
    void theServiceLearnsForWhichHostItIsAndNoProtocolIsAskedFor() throws Exception {
        CompletableFuture<String> asked = new CompletableFuture<>();
        Local.Service service = serving(
                connection -> {
                    connection.startHandshake();
                    asked.complete(((ExtendedSSLSession) connection.getSession()).getRequestedServerNames() + " "
                            + connection.getApplicationProtocol());
                },
                Security.ANY_CERTIFICATE);
        try (Transport _ = dial(service)) {
            assertThat(asked.get()).contains("localhost").endsWith(" ");
        }
    }

    @Test
    void aCertificateThatNobodyTrustsIsRefusedWithTheCure() throws Exception {
        Local.Service service = serving(LocalTlsTest::echo, Security.VERIFIED);
        LocalService local = new LocalService(service, resources);
        try (LogLines lines = new LogLines(Level.INFO)) {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> local.dial(() -> {}, () -> true))
                        .isInstanceOf(IOException.class)
                        .hasMessageStartingWith(
                                "the certificate of " + service.address() + " is not trusted: use --local-insecure");
            }
            assertThat(lines.with("is not trusted: use --local-insecure")).hasSize(1);
        }
    }

    @Test
    void aTrustedCertificateIsGoodForItsOwnNameOnly() throws Exception {
        Local.Service service = serving(LocalTlsTest::echo, Security.VERIFIED);
        HostPort otherName = new HostPort("127.0.0.1", service.address().port());

        LocalTls good = new LocalTls(service.address(), true, TlsService.trusting(key), resources.deadlines());
        good.secure(Dialer.connect(service.address(), PATIENCE), PATIENCE).close();
        LocalTls bad = new LocalTls(otherName, true, TlsService.trusting(key), resources.deadlines());
        assertThatThrownBy(() -> bad.secure(Dialer.connect(otherName, PATIENCE), PATIENCE))
                .hasMessageStartingWith("the certificate of " + otherName + " is not trusted");
    }

    @Test
    void aServiceWithoutTlsIsRefusedWithTheCure() throws Exception {
        try (ServerSocket plain = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread server = Thread.ofVirtual().start(() -> {
                try (Socket one = plain.accept()) {
                    one.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(UTF_8));
                    one.getInputStream().readAllBytes();
                } catch (IOException e) {
                    // it left
                }
            });
            HostPort address = new HostPort("localhost", plain.getLocalPort());
            assertThatThrownBy(() -> dial(new Local.Service(address, Security.ANY_CERTIFICATE)))
                    .hasMessage(address + " does not speak TLS: use --local http://" + address);
            server.join();
        }
    }

    @Test
    void aHandshakeThatTakesTooLongIsATimeout() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Local.Service service =
                    new Local.Service(new HostPort("localhost", silent.getLocalPort()), Security.ANY_CERTIFICATE);
            LocalTls tls = LocalTls.of(service, resources.deadlines());
            assertThatThrownBy(() -> tls.secure(Dialer.connect(service.address(), PATIENCE), Duration.ofMillis(200)))
                    .isInstanceOf(SocketTimeoutException.class)
                    .hasMessage("no answer to the TLS handshake");
        }
    }
}
