package tunnel.inspect.capture;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tunnel.events.Exchange;
import tunnel.inspect.CaptureScene;
import tunnel.inspect.store.Detail;
import tunnel.inspect.store.Field;
import tunnel.inspect.store.Store;

/// Exchanges one after another on a connection, as the edge uses it.
class ExchangesTest {
    private static final String HOST = "Host: a.example\r\nX-Forwarded-For: 198.51.100.7\r\n";

    /// A request and its response, which may be several heads.
    private record Pair(String request, String response) {}

    private static final List<Pair> PAIRS = List.of(
            new Pair("GET /one?a=b HTTP/1.1\r\n" + HOST + "\r\n", "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello"),
            new Pair("POST /two HTTP/1.1\r\n" + HOST + "Content-Length: 4\r\n\r\nbody", "HTTP/1.1 204 No Content\r\nContent-Length: 3\r\n\r\n"),
            new Pair("HEAD /three HTTP/1.1\r\n" + HOST + "\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n"),
            new Pair("GET /four HTTP/1.1\r\n" + HOST + "\r\n", "HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n"),
            new Pair(
                    "PUT /five HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA;x=\"y\"\r\n0123456789\r\n0\r\n\r\n",
                    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
                            + "HTTP/1.1 200 Fine, thanks\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nX-Sum: 1\r\nX-More: 2\r\n\r\n"),
            new Pair("GET /six HTTP/1.1\r\n" + HOST + "\r\n", "HTTP/1.1 500 Oh\r\ncontent-length: 0\r\n\r\n"),
            new Pair(
                    "GET /seven HTTP/1.1\r\n" + HOST + "Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
                    "HTTP/1.1 426 Not here\r\nContent-Length: 2\r\n\r\nno"),
            new Pair("GET /eight HTTP/1.0\r\n" + HOST + "\r\n", "HTTP/1.0 200 OK\r\n\r\nto the end"));

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 64, 100_000})
    void eachExchangeOfAConnectionIsCapturedHoweverItsBytesAreCut(int size) {
        try (CaptureScene scene = new CaptureScene()) {
            StreamTap tap = scene.stream();
            for (Pair pair : PAIRS) {
                cut(pair.request, size).forEach(tap::fromVisitor);
                cut(pair.response, size).forEach(tap::fromLocal);
            }
            tap.localEnded();
            tap.ended(false);

            assertThat(scene.over(8).exchange().failure()).isNull();
            assertThat(scene.store().before(0).reversed().stream().map(one -> line(one.detail())))
                    .containsExactly(
                            "GET /one?a=b 200 OK [] [hello] COMPLETE",
                            "POST /two 204 No Content [body] [] COMPLETE",
                            "HEAD /three 200 OK [] [] COMPLETE",
                            "GET /four 304 Not Modified [] [] COMPLETE",
                            "PUT /five 200 Fine, thanks [abc0123456789] [hi] COMPLETE",
                            "GET /six 500 Oh [] [] COMPLETE",
                            "GET /seven 426 Not here [] [no] COMPLETE",
                            "GET /eight 200 OK [] [to the end] COMPLETE");
            Detail five = scene.detail(5);
            assertThat(CaptureScene.response(five).trailers().trailers()).containsExactly(new Field("X-Sum", "1"), new Field("X-More", "2"));
            assertThat(five.exchange().requestBytes()).isEqualTo(13);
            assertThat(scene.missed()).isZero();
        }
    }

    private static List<ByteBuffer> cut(String text, int size) {
        return IntStream.iterate(0, at -> at < text.length(), at -> at + size)
                .mapToObj(at -> CaptureScene.bytes(text.substring(at, Math.min(text.length(), at + size))))
                .toList();
    }

    private static String line(Detail detail) {
        Exchange exchange = detail.exchange();
        return exchange.method() + " " + exchange.path() + " " + CaptureScene.response(detail).head().part(1) + " "
                + CaptureScene.response(detail).head().part(2) + " [" + text(detail.request().body().kept()) + "] ["
                + text(CaptureScene.response(detail).body().kept()) + "] " + exchange.state();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, ISO_8859_1);
    }

    @Test
    void theVisitorIsTheOneOfTheRequestAndTheServersTimeIsTheFirstOnes() {
        try (CaptureScene scene = new CaptureScene()) {
            StreamTap tap = scene.stream();
            for (Pair pair : PAIRS.subList(0, 2)) {
                tap.fromVisitor(CaptureScene.bytes(pair.request));
                tap.fromLocal(CaptureScene.bytes(pair.response));
            }
            assertThat(scene.over(1).exchange().visitor()).isEqualTo("198.51.100.7");
            assertThat(scene.over(1).timings().edge()).isEqualTo(700);
            assertThat(scene.over(2).timings().edge()).isNull();
            assertThat(scene.over(1).exchange().tunnel()).isEqualTo("web");
            assertThat(scene.over(1).exchange().host()).isEqualTo("a.example");
        }
    }

    @Test
    void whatIsBrokenOffFailsWithItsReason() {
        try (CaptureScene scene = new CaptureScene()) {
            StreamTap left = scene.stream();
            left.fromVisitor(CaptureScene.bytes(PAIRS.getFirst().request));
            left.fromLocal(CaptureScene.bytes("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe"));
            left.ended(true);
            StreamTap broken = scene.stream();
            broken.fromVisitor(CaptureScene.bytes(PAIRS.getFirst().request));
            broken.failed("the local service broke off");
            broken.ended(false);
            StreamTap silent = scene.stream();
            silent.fromVisitor(CaptureScene.bytes(PAIRS.getFirst().request));
            silent.localEnded();
            silent.ended(false);
            StreamTap garbage = scene.stream();
            garbage.fromVisitor(CaptureScene.bytes(PAIRS.getFirst().request));
            garbage.fromLocal(CaptureScene.bytes("SSH-2.0-OpenSSH_9.9\r\n\r\n"));
            garbage.ended(false);

            assertThat(scene.over(1).exchange())
                    .returns("the visitor went away", Exchange::failure)
                    .returns(Exchange.State.FAILED, Exchange::state)
                    .returns(200, Exchange::status);
            assertThat(text(CaptureScene.response(scene.detail(1)).body().kept())).isEqualTo("he");
            assertThat(CaptureScene.response(scene.detail(1)).body().truncated()).isFalse();
            assertThat(scene.over(2).exchange()).returns("the local service broke off", Exchange::failure).returns(0, Exchange::status);
            assertThat(scene.over(3).exchange().failure()).isEqualTo("the local service closed the connection without an answer");
            assertThat(scene.over(4).exchange().failure()).isEqualTo("the local service's answer is not HTTP");
        }
    }

    @Test
    void anEndOfTheConnectionBetweenExchangesIsNoFailure() {
        try (CaptureScene scene = new CaptureScene()) {
            StreamTap tap = scene.stream();
            tap.fromVisitor(CaptureScene.bytes(PAIRS.getFirst().request));
            tap.fromLocal(CaptureScene.bytes(PAIRS.getFirst().response));
            scene.over(1);
            tap.failed("the local service broke off");
            tap.ended(true);
            scene.exchange(PAIRS.get(1).request, PAIRS.get(1).response);
            scene.over(2);

            assertThat(scene.detail(1).exchange().state()).isEqualTo(Exchange.State.COMPLETE);
        }
    }

    @Test
    void aRequestWhoseLocalServiceIsDownHasItsHeadAndTheReason() throws Exception {
        try (CaptureScene scene = new CaptureScene()) {
            StreamTap tap = scene.stream();
            tap.failed("cannot reach it");
            tap.fromVisitor(CaptureScene.bytes(PAIRS.getFirst().request));
            tap.ended(false);

            assertThat(scene.over(1).exchange())
                    .returns("/one?a=b", Exchange::path)
                    .returns("cannot reach it", Exchange::failure)
                    .returns(Exchange.State.FAILED, Exchange::state);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void ofALargeBodyTheBeginningIsKeptAndItsEndIsFound(boolean chunked) {
        try (CaptureScene scene = new CaptureScene()) {
            StreamTap tap = scene.stream();
            tap.fromVisitor(CaptureScene.bytes("GET /large HTTP/1.1\r\n" + HOST + "\r\n"));
            int megabytes = 5;
            String piece = "x".repeat(1 << 16);
            tap.fromLocal(CaptureScene.bytes("HTTP/1.1 200 OK\r\n"
                    + (chunked ? "Transfer-Encoding: chunked" : "Content-Length: " + (megabytes << 20)) + "\r\n\r\n"));
            for (int i = 0; i < megabytes * 16; i++) {
                tap.fromLocal(CaptureScene.bytes(chunked ? "10000\r\n" + piece + "\r\n" : piece));
            }
            if (chunked) {
                tap.fromLocal(CaptureScene.bytes("0\r\n\r\n"));
            }
            tap.fromVisitor(CaptureScene.bytes(PAIRS.getFirst().request));
            tap.fromLocal(CaptureScene.bytes(PAIRS.getFirst().response));

            Detail large = scene.over(1);
            assertThat(large.exchange().responseBytes()).isEqualTo(megabytes << 20);
            assertThat(CaptureScene.response(large).body().truncated()).isTrue();
            assertThat(text(CaptureScene.response(large).body().kept())).isEqualTo("x".repeat(256 << 10));
            assertThat(line(scene.over(2))).isEqualTo("GET /one?a=b 200 OK [] [hello] COMPLETE");
        }
    }

    @Test
    void anEventStreamIsTakenApartAsItPassesAndItsEndByTheVisitorIsNoFailure() {
        try (CaptureScene scene = new CaptureScene("password")) {
            StreamTap tap = scene.stream();
            tap.fromVisitor(CaptureScene.bytes("GET /events HTTP/1.1\r\n" + HOST + "\r\n"));
            tap.fromLocal(CaptureScene.bytes("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n\r\ndata: one\n\nev"));
            tap.fromLocal(CaptureScene.bytes("ent: two\r\ndata: {\"password\":\"x\"}\r\n\r\n: "));
            String large = "y".repeat(1000);
            for (int i = 0; i < 400; i++) {
                tap.fromLocal(CaptureScene.bytes("data: " + large + i + "\n\n"));
            }
            tap.ended(true);

            Detail detail = scene.over(1);
            assertThat(detail.exchange())
                    .returns(Exchange.Kind.EVENT_STREAM, Exchange::kind)
                    .returns(Exchange.State.COMPLETE, Exchange::state);
            assertThat(detail.messages()).hasSize(402);
            assertThat(text(detail.messages().get(0).kept())).isEqualTo("data: one");
            assertThat(text(detail.messages().get(1).kept())).isEqualTo("event: two\ndata: {\"password\":\"[masked]\"}");
            assertThat(text(detail.messages().get(401).kept())).isEqualTo("data: " + large + 399);
        }
    }

    @Test
    void aTcpConnectionIsCountedAndNothingOfItKept() {
        try (CaptureScene scene = new CaptureScene()) {
            StreamTap tap = scene.tcp();
            tap.fromVisitor(CaptureScene.bytes("GET / HTTP/1.1\r\n\r\n"));
            tap.fromLocal(CaptureScene.bytes("secret"));
            tap.localEnded();
            tap.ended(false);

            assertThat(scene.over(1).exchange())
                    .returns(Exchange.Kind.TCP, Exchange::kind)
                    .returns("", Exchange::method)
                    .returns(18L, Exchange::requestBytes)
                    .returns(6L, Exchange::responseBytes)
                    .returns(Exchange.State.COMPLETE, Exchange::state);
            assertThat(scene.detail(1).request().head().size()).isZero();
        }
    }

    @Test
    void whereOnlyHeadsAreWantedNothingElseIsKept() {
        try (CaptureScene scene = new CaptureScene(
                Capture.Mode.HEADS, Capture.Limits.DEFAULT, Store.Bounds.NOTHING)) {
            scene.exchange(PAIRS.getFirst().request, PAIRS.getFirst().response);
            await().atMost(CaptureScene.PATIENCE).until(() -> scene.told().size() == 1);

            await()
                    .atMost(CaptureScene.PATIENCE)
                    .until(() -> Objects.requireNonNull(scene.told().get(1L)).state() == Exchange.State.COMPLETE);
            assertThat(Objects.requireNonNull(scene.told().get(1L)))
                    .returns(200, Exchange::status)
                    .returns(5L, Exchange::responseBytes)
                    .returns("text/plain", Exchange::type);
            assertThat(scene.store().count().kept()).isZero();
        }
    }
}
