package tunnel.server;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Security;
import java.security.spec.ECGenParameterSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.bouncycastle.asn1.DERUTCTime;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tunnel.fixture.AnyServer;
import tunnel.fixture.LoopbackPair;
import tunnel.net.Buffers;
import tunnel.net.PlainTransport;
import tunnel.net.TlsClient;
import tunnel.net.TlsTransport;
import tunnel.net.Transport;
import tunnel.protocol.Codec;
import tunnel.protocol.Pin;

/// TLS with the server's own key, over a real connection.
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD) // a thread that computes for ever hears of no interrupt
class TlsTransportTest {
    @TempDir
    Path folder;

    private final Buffers buffers = new Buffers();
    private LoopbackPair pair;
    private SSLContext key;

    @BeforeEach
    void open() throws IOException {
        pair = LoopbackPair.open();
        key = ServerKey.in(StateDirectory.open(folder.resolve("state"))).tls();
    }

    @AfterEach
    void close() {
        pair.close();
    }

    @Test
    void eachEndBringsItsArithmetic() throws Exception {
        Security.removeProvider("Curve25519");
        SSLContext trust = new AnyServer().tls();
        assertThat(Security.getProvider("Curve25519")).isNull();
        var client = new TlsClient(trust);
        assertThat(client).isNotNull();
        assertThat(Security.getProviders()[0].getName()).isEqualTo("Curve25519");

        Security.removeProvider("Curve25519");
        key = ServerKey.in(StateDirectory.open(folder.resolve("another"))).tls();
        assertThat(Security.getProviders()[0].getName()).isEqualTo("Curve25519");
    }

    @Test
    void recordsOfAllSizesArriveWholeWhereverTheReadsCutThem() throws Exception {
        Transport server = TlsTransport.server(pair.near(), key, buffers);
        Transport client = TlsTransport.client(pair.far(), new TlsClient(new AnyServer().tls()), buffers);
        CompletableFuture<Integer> sent = CompletableFuture.supplyAsync(() -> send(server));
        client.handshake();
        Random expected = new Random(3);
        Random rooms = new Random(5);
        int received = 0;
        ByteBuffer target = ByteBuffer.allocateDirect(70_000);
        for (int i = 0; client.read(target.clear().limit(1 + rooms.nextInt(i % 2 == 0 ? 20_000 : 70_000))) >= 0; i++) {
            target.flip();
            received += target.remaining();
            while (target.hasRemaining()) {
                assertThat(target.get()).isEqualTo((byte) expected.nextInt());
            }
        }
        assertThat(received).isEqualTo(sent.get()).isGreaterThan(4 << 20);
    }

    private static int send(Transport server) {
        Random bytes = new Random(3);
        Random sizes = new Random(4);
        int sent = 0;
        try {
            server.handshake();
            for (int i = 0; i < 400; i++) {
                ByteBuffer data = ByteBuffer.allocateDirect(1 + sizes.nextInt(i % 3 == 0 ? 100 : 60_000));
                while (data.hasRemaining()) {
                    data.put((byte) bytes.nextInt());
                }
                sent += server.write(data.flip());
            }
            server.shutdownOutput();
            return sent;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aBulkFrameFillsFourRecords() throws Exception {
        Transport client = connected();
        client.write(ByteBuffer.allocate(Codec.BULK_FRAME));
        client.shutdownOutput();

        ByteBuffer records = ByteBuffer.allocate(100_000);
        while (pair.near().read(records) >= 0) {}
        List<Integer> lengths = new ArrayList<>();
        for (records.flip(); records.hasRemaining(); records.position(records.position() + lengths.getLast())) {
            var _ = records.get(new byte[3]);
            lengths.add((int) records.getShort());
        }
        assertThat(lengths).as("four, and a farewell").hasSize(5);
        assertThat(lengths.subList(0, 4)).containsOnly(lengths.getFirst());
    }

    @Test
    void oneReadBringsAsManyRecordsAsThereIsRoomFor() throws Exception {
        Transport server = TlsTransport.server(pair.near(), key, buffers);
        Transport client = connected(server);

        assertThat(readOfMany(server, client)).isGreaterThan(2 * 16_384);
    }

    @Test
    void whereLargeBuffersAreInHandsRecordsAreReadOneByOne() throws Exception {
        Buffers one = new Buffers(16 * (66 << 10));
        try (Transport first = TlsTransport.server(pair.near(), key, one)) {
            assertThat(readOfMany(first, connected(first))).isGreaterThan(2 * 16_384);
            assertThat(readOfMany(one)).as("while the first has a part of a record left").isLessThanOrEqualTo(16_384);
        }
        assertThat(readOfMany(one)).as("once that is closed").isGreaterThan(2 * 16_384);
    }

    @Test
    void aLargeBufferThatIsReadToItsEndIsAnothersToTake() throws Exception {
        Buffers one = new Buffers(16 * (66 << 10));
        Transport server = TlsTransport.server(pair.near(), key, one);
        Transport client = connected(server);
        for (int i = 0; i < 3; i++) {
            assertThat(readOfMany(server, client)).isGreaterThan(2 * 16_384);
            ByteBuffer rest = ByteBuffer.allocate(3 * Codec.BULK_FRAME);
            client.write(ByteBuffer.wrap(new byte[] {'!'}));
            do {
                assertThat(server.read(rest.clear())).isPositive();
            } while (rest.get(rest.position() - 1) != '!');
            assertThat(readOfMany(one)).isGreaterThan(2 * 16_384);
        }
    }

    private int readOfMany(Buffers buffers) throws Exception {
        try (LoopbackPair other = LoopbackPair.open();
                Transport server = TlsTransport.server(other.near(), key, buffers)) {
            return readOfMany(server, connected(server, other.far()));
        }
    }

    /// The most that one read brings of much that comes: of a busy machine's kernel not all comes at once.
    private static int readOfMany(Transport server, Transport client) throws IOException {
        server.peerIsKnown();
        int left = 3 * Codec.BULK_FRAME;
        client.write(ByteBuffer.allocate(left)); // which the kernel takes
        int most = 0;
        while (most <= 2 * 16_384 && left > 0) {
            int read = server.read(ByteBuffer.allocateDirect(Buffers.LARGE));
            most = Math.max(most, read);
            left -= read;
        }
        return most;
    }

    private Transport connected() throws Exception {
        return connected(TlsTransport.server(pair.near(), key, buffers));
    }

    /// The client's end, once both have shaken hands.
    private Transport connected(Transport server) throws Exception {
        return connected(server, pair.far());
    }

    private Transport connected(Transport server, PlainTransport far) throws Exception {
        Transport client = TlsTransport.client(far, new TlsClient(new AnyServer().tls()), buffers);
        shakeHands(server, client);
        return client;
    }

    private static void shakeHands(Transport server, Transport client) throws Exception {
        CompletableFuture<Void> greeted = CompletableFuture.runAsync(() -> {
            try {
                server.handshake();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        client.handshake();
        greeted.get();
    }

    @Test
    void aKeyOnP256ThatIsThereAlreadyIsTheServers() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair pair = generator.generateKeyPair();
        X500Name name = new X500Name("CN=tunnel-server");
        Time someDay = new Time(new DERUTCTime("250101000000Z"));
        byte[] certificate = new JcaX509v3CertificateBuilder(name, BigInteger.ONE, someDay, someDay, name, pair.getPublic())
                .build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()))
                .getEncoded();
        try (StateDirectory state = StateDirectory.open(folder.resolve("older"))) {
            state.write("certificate.pem", ServerKey.pem("CERTIFICATE", certificate));
            state.write("key.pem", ServerKey.pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
            ServerKey found = ServerKey.in(state);
            ServerKey.check(state);
            key = found.tls();
            assertThat(found.pin()).isEqualTo(Pin.of(pair.getPublic()));
        }

        assertThat(connected().channelBinding()).hasSize(32);
    }

    /// JDK 25, which has no ML-KEM for TLS, makes a key for each group of which the hello has one.
    @Test
    void aHelloOffersOneKey() throws Exception {
        Transport client = TlsTransport.client(pair.far(), new TlsClient(new AnyServer().tls()), buffers);
        CompletableFuture<Void> dialling = CompletableFuture.runAsync(() -> {
            try {
                client.handshake();
            } catch (IOException e) {
                // nobody answers
            }
        });
        ByteBuffer hello = ByteBuffer.allocate(20_000);
        while (pair.near().read(hello) >= 0 && hello.position() < 5 + hello.getShort(3)) {}
        pair.near().close();
        dialling.join();

        byte[] keyShare = {0, 0x33, 0, 38, 0, 36, 0, 0x1D, 0, 32}; // of one key of 32 bytes, for X25519: RFC 8446, section 4.2.8
        assertThat(Arrays.copyOf(hello.array(), hello.position())).containsSequence(keyShare);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x25519", "secp256r1", "secp384r1,x25519"}) // the last has no key for what both know, and is asked for one
    void aClientOfAnotherMakeMayOfferOtherGroups(String groups) throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open()) {
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            CompletableFuture<byte[]> bound = CompletableFuture.supplyAsync(() -> {
                try {
                    Transport server = TlsTransport.server(new PlainTransport(listener.accept()), key, buffers);
                    server.handshake();
                    return server.channelBinding();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            InetSocketAddress address = (InetSocketAddress) listener.getLocalAddress();
            try (SSLSocket client = (SSLSocket)
                    new AnyServer().tls().getSocketFactory().createSocket(address.getAddress(), address.getPort())) {
                SSLParameters parameters = client.getSSLParameters();
                parameters.setNamedGroups(groups.split(","));
                client.setSSLParameters(parameters);
                client.startHandshake();
                assertThat(bound.get()).hasSize(32);
            }
        }
    }

    @Test
    void aServerLearnsThatItsKeyWasNotTrusted() throws Exception {
        Transport server = TlsTransport.server(pair.near(), key, buffers);
        SSLContext trustless = SSLContext.getInstance("TLSv1.3");
        trustless.init(null, new TrustManager[0], null);
        Transport client = TlsTransport.client(pair.far(), new TlsClient(trustless), buffers);
        CompletableFuture<Throwable> refused = CompletableFuture.supplyAsync(() -> {
            try {
                client.handshake();
                return new AssertionError("trusted");
            } catch (IOException e) {
                return e;
            }
        });

        assertThatThrownBy(server::handshake).isInstanceOf(SSLException.class).hasMessageContaining("certificate_unknown");
        assertThat(refused.get()).isInstanceOf(SSLException.class).hasMessageContaining("No X509TrustManager implementation available");
    }

    @Test
    void aRecordLongerThanAnyMayBeEndsTheHandshake() throws Exception {
        Transport server = TlsTransport.server(pair.near(), key, buffers);
        pair.far().write(ByteBuffer.allocate(20_000).put(new byte[] {0x16, 3, 1, 0x48, 0}).rewind()); // 18,432 bytes

        assertThatThrownBy(server::handshake).isInstanceOf(SSLException.class).hasMessageContaining("18432 bytes long");
    }

    @Test
    void aHeaderOfSsl2ThatPromisesMoreThanAnyRecordEndsTheHandshake() throws Exception {
        Transport server = TlsTransport.server(pair.near(), key, buffers);
        pair.far().write(ByteBuffer.allocate(40_000).put(new byte[] {-1, -1, 1, 3, 3}).rewind()); // 32,769 bytes

        assertThatThrownBy(server::handshake).isInstanceOf(SSLException.class).hasMessageContaining("longer than any");
    }

    /// Nobody waits or computes for ever, whatever a stranger sends first: one who did would be a thread that no close ends.
    @Test
    void aDamagedHelloAndItsEndEndTheHandshake() throws Exception {
        byte[] hello = hello();
        Random random = new Random(35);
        for (int i = 0; i < 600; i++) {
            byte[] bytes = damaged(hello, random);
            ByteBuffer damaged = ByteBuffer.wrap(random.nextBoolean() ? bytes : Arrays.copyOf(bytes, 40_000)); // more than a record
            try (LoopbackPair stranger = LoopbackPair.open()) {
                stranger.far().write(damaged);
                stranger.far().shutdownOutput();
                Transport server = TlsTransport.server(stranger.near(), key, buffers);
                assertThatThrownBy(server::handshake).as("hello %d", i).isInstanceOf(IOException.class);
            }
        }
    }

    private static byte[] hello() throws Exception {
        SSLEngine engine = new AnyServer().tls().createSSLEngine("localhost", 7000);
        engine.setUseClientMode(true);
        ByteBuffer records = ByteBuffer.allocate(40_000);
        engine.wrap(ByteBuffer.allocate(0), records);
        return Arrays.copyOf(records.array(), records.position());
    }

    /// With some bytes changed, and then cut, with another length or the header of SSLv2 in front, or twice over.
    private static byte[] damaged(byte[] hello, Random random) {
        byte[] damaged = hello.clone();
        for (int i = random.nextInt(8); i >= 0; i--) {
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
        }
        return switch (random.nextInt(5)) {
            case 0 -> Arrays.copyOf(damaged, random.nextInt(damaged.length));
            case 1 -> put(damaged, 3, random.nextInt(), random.nextInt());
            case 2 -> put(damaged, 0, random.nextInt() | 0x80, random.nextInt(), 1, 3, 3);
            case 3 -> ByteBuffer.allocate(2 * damaged.length).put(damaged).put(damaged).array();
            default -> damaged;
        };
    }

    private static byte[] put(byte[] into, int at, int... bytes) {
        for (int i = 0; i < bytes.length; i++) {
            into[at + i] = (byte) bytes[i];
        }
        return into;
    }

    @Test
    void farewellBeforeTheHandshakeIsNoHandshake() throws Exception {
        Transport server = TlsTransport.server(pair.near(), key, buffers);
        pair.far().write(ByteBuffer.wrap(new byte[] {0x15, 3, 3, 0, 2, 1, 0}));
        pair.far().shutdownOutput();

        assertThatThrownBy(server::handshake).isInstanceOf(IOException.class);
    }

    @Test
    void recordsWithoutDataAreNotReadForEver() throws Exception {
        Transport server = TlsTransport.server(pair.near(), key, buffers);
        ByteBuffer piece = ByteBuffer.wrap(new byte[] {0x16, 3, 1, 0, 1, 1}); // a ClientHello, a byte at a time
        for (int i = 0; i < 40; i++) {
            pair.far().write(piece.duplicate());
        }

        assertThatThrownBy(server::handshake).isInstanceOf(SSLException.class);
    }

    @Test
    void bothEndsAreBoundToTheSameHandshake() throws Exception {
        Transport server = TlsTransport.server(pair.near(), key, buffers);
        Transport client = TlsTransport.client(pair.far(), new TlsClient(new AnyServer().tls()), buffers);
        CompletableFuture<byte[]> other = CompletableFuture.supplyAsync(() -> {
            try {
                server.handshake();
                return server.channelBinding();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        client.handshake();

        assertThat(client.channelBinding()).hasSize(32).isEqualTo(other.get());
    }

    @Test
    void aStrangerSendsNoLongRecord() throws Exception {
        Transport server = TlsTransport.server(pair.near(), key, buffers);
        Transport client = connected(server);
        client.write(ByteBuffer.allocate(1_100)); // a first frame has 1,024 at most, and its header
        client.write(ByteBuffer.allocate(1_300));

        ByteBuffer read = ByteBuffer.allocate(4_000);
        while (read.position() < 1_100) {
            assertThat(server.read(read)).isPositive();
        }
        assertThatThrownBy(() -> server.read(read)).isInstanceOf(SSLException.class).hasMessageContaining("1280 are allowed");
        server.peerIsKnown();
        assertThat(server.read(read)).isEqualTo(1_300);
    }

    @Test
    void keysAreNotChangedForEverWhateverComesInBetween() throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open()) {
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            CompletableFuture<Void> changing = CompletableFuture.runAsync(() -> changeKeys(listener));
            try (PlainTransport accepted = new PlainTransport(listener.accept())) {
                Transport server = TlsTransport.server(accepted, key, buffers);
                server.handshake();
                server.peerIsKnown();
                ByteBuffer read = ByteBuffer.allocate(4_000);
                assertThatThrownBy(() -> {
                            while (server.read(read) >= 0) {}
                        })
                        .isInstanceOf(SSLException.class)
                        .hasMessageContaining("in records without data");
                assertThat(read.position()).as("key updates until then").isBetween(30, 100);
            }
            changing.join();
        }
    }

    /// Until the server has had enough.
    private static void changeKeys(ServerSocketChannel listener) {
        try {
            InetSocketAddress address = (InetSocketAddress) listener.getLocalAddress();
            try (SSLSocket client = (SSLSocket)
                    new AnyServer().tls().getSocketFactory().createSocket(address.getAddress(), address.getPort())) {
                for (int i = 0; i < 10_000; i++) {
                    client.startHandshake(); // after the first one: a KeyUpdate
                    client.getOutputStream().write(1);
                }
            }
        } catch (IOException e) {
            // the server has closed the connection
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void connectionsAfterTheFirstAreResumedEachWithItsOwnKeys() throws Exception {
        try (Dialled dialled = new Dialled()) {
            dialled.connect(true);
            for (int i = 0; i < 4; i++) {
                dialled.connect(false); // which brings no tickets until they are read
            }
            assertThat(dialled.trust.asked()).isEqualTo(1);
            assertThat(dialled.bindings).hasSize(5);
        }
    }

    @Test
    void aServerWithAnotherKeyIsCheckedWhateverTicketsThereAre() throws Exception {
        try (Dialled dialled = new Dialled()) {
            for (int i = 0; i < 40; i++) {
                dialled.connect(true);
            }
            dialled.server = ServerKey.in(StateDirectory.open(folder.resolve("other"))).tls();
            int before = dialled.trust.asked();
            dialled.tls.beginAgain();
            dialled.connect(true);
            assertThat(dialled.trust.asked()).as("the first in full").isEqualTo(before + 1);
            for (int i = 0; i < 4; i++) {
                dialled.connect(false);
            }
            assertThat(dialled.trust.asked()).as("those after it resumed").isEqualTo(before + 1);
        }
    }

    @Test
    void manyConnectionsFindTicketsBeforeAnyBringsMore() throws Exception {
        try (Dialled dialled = new Dialled()) {
            for (int i = 0; i < 100; i++) {
                dialled.connect(true);
            }
            int before = dialled.trust.asked();
            for (int i = 0; i < 100; i++) {
                dialled.connect(false);
            }
            assertThat(dialled.trust.asked() - before).as("in full").isLessThan(30);
        }
    }

    /// Connections of one client to one port.
    private final class Dialled implements AutoCloseable {
        final AnyServer trust = new AnyServer();
        final Set<ByteBuffer> bindings = new HashSet<>();
        final TlsClient tls = new TlsClient(trust.tls());
        SSLContext server = key;
        private final ServerSocketChannel listener = ServerSocketChannel.open()
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));

        Dialled() throws Exception {}

        /// @param reads whether the client reads what came with the server's first byte
        void connect(boolean reads) throws Exception {
            try (PlainTransport raw = new PlainTransport(SocketChannel.open(listener.getLocalAddress()));
                    PlainTransport accepted = new PlainTransport(listener.accept())) {
                Transport near = TlsTransport.server(accepted, server, buffers);
                Transport client = TlsTransport.client(raw, tls, buffers);
                shakeHands(near, client);
                near.write(ByteBuffer.allocate(1));
                if (reads) {
                    assertThat(client.read(ByteBuffer.allocate(1))).isEqualTo(1);
                }
                bindings.add(ByteBuffer.wrap(requireNonNull(client.channelBinding())));
                assertThat(client.channelBinding()).isEqualTo(near.channelBinding());
            }
        }

        @Override
        public void close() throws IOException {
            listener.close();
        }
    }
}
