package tunnel.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tunnel.net.Cidr;
import tunnel.protocol.EdgeOptions.Credential;
import tunnel.protocol.EdgeOptions.FieldEdit;

class EdgeOptionsTest {
    private static Options one(int type, String hex) {
        return new Options(List.of(new Options.Option(type, true, Bytes.ofHex(hex))));
    }

    private static Options text(int type, String text) {
        return new Options(List.of(new Options.Option(type, true, Bytes.of(text.getBytes(UTF_8)))));
    }

    private static Options field(String name, String value) {
        ByteBuffer out = ByteBuffer.allocate(10_000);
        Fields.putString(name, out);
        Fields.putString(value, out);
        return new Options(List.of(new Options.Option(10, true, Bytes.read(out.flip(), out.remaining()))));
    }

    private static void assertRefused(Options options, String sentence) {
        assertThatThrownBy(() -> EdgeOptions.decode(options))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(sentence);
    }

    @Test
    void comeBackAsTheyWereSent() {
        Options sent = Examples.EDGE.encode(Options.NONE.with(Options.ANY_PORT_WILL_DO, Bytes.NONE));

        assertThat(EdgeOptions.decode(sent)).isEqualTo(Examples.EDGE);
        assertThat(sent.get(Options.ANY_PORT_WILL_DO)).isEqualTo(Bytes.NONE);
        assertThat(EdgeOptions.decode(EdgeOptions.NONE.encode(Options.NONE))).isEqualTo(EdgeOptions.NONE);
        assertThat(EdgeOptions.NONE.encode(Options.NONE)).isEqualTo(Options.NONE);
    }

    @Test
    void mustBeUnderstoodOneAndAll() {
        Options sent = Examples.EDGE.encode(Options.NONE);

        assertThat(sent.list()).hasSize(10).allMatch(Options.Option::mustUnderstand);
        assertThat(sent.firstUnknown(EdgeOptions.typesOfBind())).isNull();
        assertThat(one(13, "").firstUnknown(EdgeOptions.typesOfBind())).isNotNull();
    }

    @Test
    void asManyAsMayBeFitIntoOneFrame() throws Exception {
        EdgeOptions most = new EdgeOptions(
                Collections.nCopies(20, ("a".repeat(63) + ".").repeat(3) + "a".repeat(61)),
                Collections.nCopies(20, Credential.of("ann", "secret")),
                Collections.nCopies(100, Cidr.parse("2001:db8::/32")),
                List.of(),
                Long.MAX_VALUE,
                EdgeOptions.MOST_RATE,
                EdgeOptions.LONGEST_TIMEOUT,
                "a".repeat(253) + ":65535",
                Collections.nCopies(4096 / 9, new FieldEdit("a", "")),
                List.of());
        ByteBuffer out = ByteBuffer.allocate(Codec.LIMIT_CONTROL + Codec.HEADER);
        Codec.encode(
                new Frame.Bind(1, TunnelProtocol.HTTP, "a".repeat(63), 0, most.encode(Options.NONE)), out);
        out.flip().position(Codec.HEADER);

        assertThat(Codec.decode(0x05, out))
                .isInstanceOfSatisfying(
                        Frame.Bind.class,
                        bind -> assertThat(EdgeOptions.decode(bind.options())).isEqualTo(most));
    }

    @Test
    void aCredentialKnowsItsUserAndPasswordWithoutHoldingThem() {
        Credential credential = Credential.of("ann", "se:cret ü");

        assertThat(credential.matches("ann:se:cret ü".getBytes(UTF_8))).isTrue();
        assertThat(credential.matches("ann:se:cret".getBytes(UTF_8))).isFalse();
        assertThat(credential.matches(new byte[0])).isFalse();
        assertThat(credential.salt()).isNotEqualTo(Credential.of("ann", "se:cret ü").salt());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", ".", "a..b", ".example.org", "example.org.", "-a.example.org", "a-.example.org", "a_b.example.org",
                "www.example.org:80", "127.0.0.1", "1", "example.1", "0x7f", "::1", "[::1]", "*.example.org", "exa mple.org",
                "a\u0000b", "bücher.example", "WWW.example.org"
            })
    void aHostIsAHostNameInLowerCase(String host) {
        assertRefused(text(2, host), "'" + host + "' is not");
    }

    @Test
    void aHostHasAtMost253CharactersInLabelsOf63() {
        String longest = ("a".repeat(63) + ".").repeat(3) + "a".repeat(61);

        assertThat(EdgeOptions.decode(text(2, longest)).hosts()).containsExactly(longest);
        assertRefused(text(2, "b." + longest), "… is not a host name".replace("… ", "…' "));
        assertRefused(text(2, "a".repeat(64) + ".org"), "is not a host name");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "localhost:4000", "127.0.0.1:80", "[::1]:4000", "[::1]", "my_app:1", "App.Example.org"})
    void aHostHeaderIsAHostPerhapsWithAPort(String host) {
        assertThat(EdgeOptions.decode(text(9, host)).hostHeader()).isEqualTo(host);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "a b", "a\r\nX-Y: z", "a:", ":80", "a:0", "a:080", "a:65536", "a:b", "::1", "[::1", "[]", "[1.2.3.4]", "[:]",
                "[fe80::1%eth0]", "a/b", "u@a", "a..b", "é.example"
            })
    void noOtherHostHeaderIsTaken(String host) {
        assertRefused(text(9, host), "'" + host + "' is not a host");
    }

    @ParameterizedTest
    @CsvSource({
        "Host", "CONNECTION", "Keep-Alive", "proxy-connection", "te", "Trailer", "Transfer-Encoding", "transfer_encoding",
        "Content-Length", "CONTENT_LENGTH", "Upgrade", "Expect", "Forwarded", "Via", "X-Forwarded-For", "x_forwarded-proto",
        "X-Forwarded-"
    })
    void fieldsThatTheServerNeedsCannotBeSet(String name) {
        assertRefused(field(name, "a"), "the header field " + name + " cannot be set");
        assertRefused(field(name, ""), "the header field " + name + " cannot be set");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a:", "a\n", "é", "\"a\"", "a(b)", "a\u0000"})
    void aFieldsNameIsAToken(String name) {
        assertRefused(field(name, "a"), "is not the name of a header field");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nb", "a\rb", "a\u0000", "é", "\u0080", "\u007f", " a", "a ", "\ta"})
    void aFieldsValueIsVisibleAscii(String value) {
        assertRefused(field("X-A", value), "the value of a header field");
    }

    @Test
    void aFieldsValueMayHaveSpacesAndTabsInside() {
        assertThat(EdgeOptions.decode(field("X-A", "a b\tc")).requestFields()).containsExactly(new FieldEdit("X-A", "a b\tc"));
    }

    @ParameterizedTest
    @CsvSource({
        "6, 0000000000000000", "6, 8000000000000000", "7, 00000000", "7, 000f4241", "7, ffffffff", "8, 00000000", "8, 05265c01",
        "8, ffffffff"
    })
    void numbersAreInTheirRange(int type, String hex) {
        assertRefused(one(type, hex), "out of range");
    }

    @ParameterizedTest
    @CsvSource({
        "3, 00", "4, ''", "4, 7f000001", "4, 7f00000100ff", "6, 00000001", "7, 0001", "8, 00", "10, ''", "10, 000161", "10, 00016100ff61",
        "2, ff", "9, c3"
    })
    void aValueThatIsTooShortOrNoTextIsMalformed(int type, String hex) {
        assertRefused(one(type, hex), "option " + type + " of Bind is malformed");
    }

    @ParameterizedTest
    @CsvSource({"6, 000000000000000100", "7, 0000000100", "8, 0000000100", "10, 000158000000"})
    void aValueThatIsTooLongIsRefused(int type, String hex) {
        assertRefused(one(type, hex), "option " + type + " of Bind is too long");
    }

    @Test
    void aPrefixFitsItsAddress() {
        assertRefused(one(4, "7f00000121"), "/33 is not a prefix length of 127.0.0.1");
        assertRefused(one(5, "00000000000000000000000000000000ff"), "/255 is not a prefix length");
        assertRefused(one(5, "00000000000000000000ffff7f0000015f"), "/95 is shorter than");
        assertThat(EdgeOptions.decode(one(5, "00000000000000000000ffff7f00000168")).deny())
                .containsExactly(Cidr.parse("127.0.0.0/8"));
        assertThat(EdgeOptions.decode(one(4, "7f00000108")).allow()).containsExactly(Cidr.parse("127.0.0.0/8"));
    }

    @Test
    void thereAreBoundsToHowManyThereMayBe() {
        assertRefused(repeated(text(2, "a.example"), 21), "more than 20 hosts");
        assertRefused(repeated(one(3, "00".repeat(48)), 21), "more than 20 users");
        assertRefused(repeated(one(4, "7f00000108"), 101), "more than 100 blocks");
        assertRefused(repeated(field("X-A", "a".repeat(1013)), 5), "more than 4096 bytes");
        assertThat(EdgeOptions.decode(repeated(field("X-A", "a".repeat(1013)), 4)).requestFields()).hasSize(4);
    }

    private static Options repeated(Options one, int times) {
        return new Options(Collections.nCopies(times, one.list().getFirst()));
    }

    @Test
    void ofSeveralNumbersTheFirstCounts() {
        Options two = new Options(List.of(
                new Options.Option(8, true, Bytes.ofHex("000003e8")), new Options.Option(8, true, Bytes.ofHex("000007d0"))));

        assertThat(EdgeOptions.decode(two).responseTimeout()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void bytesAtRandomAreRefusedOrAreWithinBounds() {
        Random random = new Random(4711);
        for (int i = 0; i < 20_000; i++) {
            byte[] value = new byte[random.nextInt(60)];
            random.nextBytes(value);
            Options options = new Options(List.of(new Options.Option(2 + random.nextInt(10), true, Bytes.of(value))));
            try {
                EdgeOptions decoded = EdgeOptions.decode(options);
                assertThat(EdgeOptions.decode(decoded.encode(Options.NONE))).isEqualTo(decoded);
            } catch (IllegalArgumentException refused) {
                assertThat(refused.getMessage()).isNotEmpty();
            }
        }
    }

    @Test
    void everyTypeIsKnownOnce() {
        assertThat(IntStream.of(EdgeOptions.typesOfBind())).containsExactlyElementsOf(IntStream.rangeClosed(1, 12).boxed().toList());
    }
}
