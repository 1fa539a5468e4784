package tunnel.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import tunnel.net.Cidr;

/// One of each frame and its bytes, as they stand in `docs/protocol.md`. The bytes were worked out from that page by another
/// program, not by {@link Codec}.
final class Examples {
    static final Token TOKEN = new Token(run(0x00, 32));
    static final Bytes SERVER_NONCE = run(0x20, 32);
    static final Bytes CLIENT_NONCE = run(0x40, 32);
    static final Bytes SESSION = run(0x60, 16);
    static final Bytes LAST_SESSION = run(0x70, 16);
    static final Bytes EXPORTER = run(0x80, 32);
    static final Bytes SECRET = run(0xA0, 32);
    static final Bytes LAST_SECRET = run(0xC0, 32);

    static final EdgeOptions EDGE = new EdgeOptions(
            List.of("www.example.org"),
            List.of(new EdgeOptions.Credential(
                    run(0xA0, 16), Crypto.sha256(run(0xA0, 16), Bytes.of("ann:secret".getBytes(UTF_8))))),
            List.of(Cidr.parse("203.0.113.0/24")),
            List.of(Cidr.parse("2001:db8::/32")),
            10 << 20,
            50,
            Duration.ofSeconds(30),
            "localhost:4000",
            List.of(new EdgeOptions.FieldEdit("X-Env", "demo")),
            List.of(new EdgeOptions.FieldEdit("Server", "")));

    /// @param name the frame, and what is particular about it
    record Example(String name, Frame frame, String hex) {
        @Override
        public String toString() {
            return name;
        }
    }

    static final List<Example> ALL = List.of(
            new Example(
                    "Challenge",
                    new Frame.Challenge(SERVER_NONCE),
                    "01000020202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f"),
            new Example(
                    "Init",
                    Proofs.init(TOKEN, EXPORTER, CLIENT_NONCE, Options.NONE),
                    "0200005a54554e4c000100019cdea4b36fcbc0d28d00a22e460b6d37404142434445464748494a4b4c4d4e4f"
                    + "505152535455565758595a5b5c5d5e5f00007a92af218a9813f8733926f274ece288d2ddd782539a495d8325"
                    + "05e45dc493d4"),
            new Example(
                    "Init, continuing a session",
                    Proofs.init(
                    TOKEN,
                    EXPORTER,
                    CLIENT_NONCE,
                    Options.NONE.with(
                            Options.PREVIOUS_SESSION, Proofs.previousSession(LAST_SESSION, LAST_SECRET, EXPORTER))),
                    "0200008e54554e4c000100019cdea4b36fcbc0d28d00a22e460b6d37404142434445464748494a4b4c4d4e4f"
                    + "505152535455565758595a5b5c5d5e5f003400010030707172737475767778797a7b7c7d7e7f7f915e8e89dc"
                    + "2428204460361d1c978c9dda6b72a219950afce89682f254f32b50f329b2a8d23b07795517996e837395b6e9"
                    + "c4dcc523c2956ab467b0160f0bad"),
            new Example(
                    "Init, without TLS",
                    Proofs.init(TOKEN, SERVER_NONCE, CLIENT_NONCE, Options.NONE),
                    "0200005a54554e4c000100019cdea4b36fcbc0d28d00a22e460b6d37404142434445464748494a4b4c4d4e4f"
                    + "505152535455565758595a5b5c5d5e5f0000a2b7db4c094bc3408c1e8efa407cc1c1ee9176e36b2607b7f68b"
                    + "e205f65a247b"),
            new Example(
                    "Welcome",
                    new Frame.Welcome(1, SESSION, SECRET, Bytes.NONE, 5000, Options.NONE),
                    "0300003c0001606162636465666768696a6b6c6d6e6f0020a0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3"
                    + "b4b5b6b7b8b9babbbcbdbebf0000000013880000"),
            new Example(
                    "Welcome, without TLS",
                    new Frame.Welcome(
                    1,
                    SESSION,
                    Bytes.NONE,
                    Proofs.server(TOKEN.storedKey(), SERVER_NONCE, CLIENT_NONCE, SESSION),
                    5000,
                    Options.NONE),
                    "0300003c0001606162636465666768696a6b6c6d6e6f000000204a2fd3739c5806d89363c995dbba5928faf9"
                    + "5fbc15c942fe1794eac4e90b8755000013880000"),
            new Example(
                    "Reject",
                    new Frame.Reject(0, RejectCode.UNAUTHORIZED, "the token was not accepted"),
                    "04000022000000000001001a74686520746f6b656e20776173206e6f74206163636570746564"),
            new Example(
                    "Bind",
                    new Frame.Bind(
                    1, TunnelProtocol.HTTP, "blue-otter", 0, Options.NONE.with(Options.ANY_PORT_WILL_DO, Bytes.NONE)),
                    "0500001a000000010001000a626c75652d6f747465720000000400010000"),
            new Example(
                    "Bind, TCP",
                    new Frame.Bind(2, TunnelProtocol.TCP, "", 20001, Options.NONE),
                    "0500000c00000002000200004e210000"),
            new Example(
                    "Bind, with all that the edge can do",
                    new Frame.Bind(
                    1,
                    TunnelProtocol.HTTP,
                    "blue-otter",
                    0,
                    EDGE.encode(Options.NONE.with(Options.ANY_PORT_WILL_DO, Bytes.NONE))),
                    "050000cc000000010001000a626c75652d6f74746572000000b6000100008002000f7777772e6578616d706c"
                    + "652e6f726780030030a0a1a2a3a4a5a6a7a8a9aaabacadaeafb8937a3cfc7019899b90a70bffde57e935cb32"
                    + "e4c9f576750f6c14e2b873f2b180040005cb007100188005001120010db80000000000000000000000002080"
                    + "0600080000000000a00000800700040000003280080004000075308009000e6c6f63616c686f73743a343030"
                    + "30800a000d0005582d456e76000464656d6f800b000a00065365727665720000"),
            new Example(
                    "Assigned",
                    new Frame.Assigned(
                    1,
                    "blue-otter",
                    List.of("http://blue-otter.localhost:8080", "http://localhost:20000"),
                    20000,
                    Options.NONE),
                    "0600005000000001000a626c75652d6f7474657200020020687474703a2f2f626c75652d6f747465722e6c6f"
                    + "63616c686f73743a383038300016687474703a2f2f6c6f63616c686f73743a32303030304e200000"),
            new Example(
                    "Ack",
                    new Frame.Ack(1),
                    "0700000400000001"),
            new Example(
                    "Ready",
                    new Frame.Ready(1),
                    "0800000400000001"),
            new Example(
                    "Unbind",
                    new Frame.Unbind(1),
                    "0900000400000001"),
            new Example(
                    "OpenData",
                    new Frame.OpenData(4),
                    "0a00000400000004"),
            new Example(
                    "Ping",
                    new Frame.Ping(7),
                    "0b0000080000000000000007"),
            new Example(
                    "Pong",
                    new Frame.Pong(7),
                    "0c0000080000000000000007"),
            new Example(
                    "GoAway",
                    new Frame.GoAway("the server restarts"),
                    "0d000015001374686520736572766572207265737461727473"),
            new Example(
                    "Close",
                    new Frame.Close(CloseCode.LEAVING, "the client stops"),
                    "0e0000140001001074686520636c69656e742073746f7073"),
            new Example(
                    "DataInit",
                    Proofs.dataInit(SESSION, SECRET, EXPORTER),
                    "1000003a54554e4c00010001606162636465666768696a6b6c6d6e6f0000989e7e2e696f6ad18a440207f018"
                    + "6ffca7c1e13e4ea30deb2fe3ff219d00526e"),
            new Example(
                    "DataInit, without TLS",
                    Proofs.dataInit(
                    SESSION,
                    Proofs.plainSecret(TOKEN.storedKey(), SERVER_NONCE, CLIENT_NONCE),
                    SERVER_NONCE),
                    "1000003a54554e4c00010001606162636465666768696a6b6c6d6e6f000010a1d274dd67b5c1191be8208044"
                    + "13378505fc13905b9fa2f7464bfafd9147b0"),
            new Example(
                    "Open",
                    new Frame.Open(17, 1, address("203.0.113.9", 54321), Options.NONE),
                    "1100001500000000000000110000000104cb007109d4310000"),
            new Example(
                    "Open, IPv6",
                    new Frame.Open(18, 1, address("2001:db8::1", 443), Options.NONE),
                    "110000210000000000000012000000011020010db800000000000000000000000101bb0000"),
            new Example(
                    "Open, with an option to understand",
                    new Frame.Open(
                    19,
                    1,
                    address("203.0.113.9", 54321),
                    new Options(List.of(new Options.Option(0x1234, true, Bytes.ofHex("abcd"))))),
                    "1100001b00000000000000130000000104cb007109d431000692340002abcd"),
            new Example(
                    "Accepted",
                    new Frame.Accepted(17),
                    "120000080000000000000011"),
            new Example(
                    "Opened",
                    new Frame.Opened(17),
                    "130000080000000000000011"),
            new Example(
                    "Refused",
                    new Frame.Refused(
                    17, RefuseReason.LOCAL_UNREACHABLE, "localhost:4000: connection refused"),
                    "1400002e0000000000000011000100226c6f63616c686f73743a343030303a20636f6e6e656374696f6e2072"
                    + "656675736564"),
            new Example(
                    "Data",
                    new Frame.Data(ByteBuffer.wrap("hello".getBytes(UTF_8))),
                    "1500000568656c6c6f"),
            new Example(
                    "End",
                    new Frame.End(17),
                    "160000080000000000000011"),
            new Example(
                    "Reset",
                    new Frame.Reset(17),
                    "170000080000000000000011"));

    private Examples() {}

    private static InetSocketAddress address(String ip, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(ip), port);
    }

    /// Bytes that count up.
    private static Bytes run(int first, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (first + i);
        }
        return Bytes.of(bytes);
    }
}
