package tunnel.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import tunnel.fixture.LeakCheck;

/// Responses that are not the last one, and bodies that wait for them.
@Timeout(60)
@ExtendWith(LeakCheck.class)
class HttpInterimTest {
    private static final String THREE =
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\nX-A: b\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </s.css>\r\n\r\n";

    @Test
    void interimResponsesGoOn() throws Exception {
        try (HttpOrigin origin = HttpOrigin.answering((_, to) -> to.send(THREE).send(HttpAnswer.ok("final")));
                HttpScene scene = HttpScene.of(origin.port());
                Peer visitor = scene.visitor()) {
            visitor.send(scene.get("/"));

            assertThat(visitor.head()).isEqualTo("HTTP/1.1 100 Continue\r\n");
            assertThat(visitor.head()).isEqualTo("HTTP/1.1 102 Processing\r\nX-A: b\r\n");
            assertThat(visitor.head()).isEqualTo("HTTP/1.1 103 Early Hints\r\nLink: </s.css>\r\n");
            assertThat(HttpAnswer.read(visitor).text()).isEqualTo("final");
        }
    }

    @Test
    void interimResponseArrivesBeforeTheFinalOneIsThere() throws Exception {
        java.util.concurrent.Semaphore seen = new java.util.concurrent.Semaphore(0);
        try (HttpOrigin origin = HttpOrigin.answering((_, to) -> {
                    to.send("HTTP/1.1 103 Early Hints\r\n\r\n");
                    seen.acquire();
                    to.send(HttpAnswer.ok("final"));
                });
                HttpScene scene = HttpScene.of(origin.port());
                Peer visitor = scene.visitor()) {
            assertThat(visitor.send(scene.get("/")).head()).startsWith("HTTP/1.1 103 ");
            seen.release();
            assertThat(HttpAnswer.read(visitor).text()).isEqualTo("final");
        }
    }

    @Test
    void visitorOfHttp10SeesNoInterimResponse() throws Exception {
        try (HttpOrigin origin = HttpOrigin.answering((_, to) -> to.send(THREE).send(HttpAnswer.ok("final")));
                HttpScene scene = HttpScene.of(origin.port())) {
            HttpAnswer answer = scene.ask("GET / HTTP/1.0\r\nHost: " + scene.host() + "\r\n\r\n");

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.text()).isEqualTo("final");
        }
    }

    @Test
    void expectationIsTheLocalServicesToMeet() throws Exception {
        try (Origin origin = Origin.serving(to -> {
                    String head = to.head();
                    assertThat(HttpOrigin.field(head, "expect")).isEqualTo("100-continue");
                    to.send("HTTP/1.1 100 Go On\r\n\r\n");
                    to.send(HttpAnswer.ok(to.read(HttpAnswer.length(head))));
                });
                HttpScene scene = HttpScene.of(origin.port());
                Peer visitor = scene.visitor()) {
            visitor.send(scene.request("POST /", "Expect: 100-Continue\r\nContent-Length: 4\r\n"));

            assertThat(visitor.head()).as("not the edge's").isEqualTo("HTTP/1.1 100 Go On\r\n");
            assertThat(HttpAnswer.read(visitor.send("body")).text()).isEqualTo("body");
        }
    }

    @Test
    void refusedExpectationEndsTheConnection() throws Exception {
        try (Origin origin = Origin.serving(to -> {
                    to.head();
                    to.send("HTTP/1.1 417 Expectation Failed\r\nContent-Length: 2\r\n\r\nno");
                    assertThat(to.readAll()).isEmpty();
                });
                HttpScene scene = HttpScene.of(origin.port());
                Peer visitor = scene.visitor()) {
            visitor.send(scene.request("POST /", "Expect: 100-continue\r\nContent-Length: 4\r\n"));

            HttpAnswer answer = HttpAnswer.read(visitor);
            assertThat(answer.status()).isEqualTo(417);
            assertThat(answer.text()).isEqualTo("no");
            assertThat(answer.head()).contains("connection: close");
            assertThat(visitor.read()).isEqualTo(-1);
        }
    }

    @Test
    void expectationOfHttp10MeansNothing() throws Exception {
        try (HttpOrigin origin = HttpOrigin.naming();
                HttpScene scene = HttpScene.of(origin.port())) {
            assertThat(scene.ask("POST / HTTP/1.0\r\nHost: " + scene.host()
                                    + "\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\nx")
                            .status())
                    .isEqualTo(200);
            assertThat(origin.next().field("Expect")).isEqualTo("(none)");
        }
    }

    @Test
    void switchThatNobodyAskedForIsABadResponse() throws Exception {
        try (HttpOrigin origin = HttpOrigin.answering((_, to) ->
                        to.send("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: foo\r\n\r\n"));
                HttpScene scene = HttpScene.of(origin.port())) {
            assertThat(scene.ask(scene.get("/")).status()).isEqualTo(502);
        }
    }
}
