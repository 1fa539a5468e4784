package tunnel.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tunnel.events.ClientEvents.Shown;
import tunnel.events.Exchange;
import tunnel.events.Exchange.Kind;
import tunnel.events.Exchange.State;
import tunnel.protocol.TunnelProtocol;

class JsonLinesTest {
    private static final Shown SHOP = new Shown(
            1, "web", TunnelProtocol.HTTP, "http://localhost:4000", List.of("http://a.localhost", "http://localhost:1"), "a", 1);
    private static final String OF_SHOP = "\"url\":\"http://a.localhost\",\"urls\":[\"http://a.localhost\",\"http://localhost:1\"],"
            + "\"local\":\"http://localhost:4000\",\"label\":\"web\",\"protocol\":\"http\",\"name\":\"a\",\"port\":1";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private JsonLines lines(boolean requests) {
        return new JsonLines(new PrintStream(out, true, UTF_8), requests);
    }

    /// Without their times.
    private List<String> printed(JsonLines lines) {
        lines.flush();
        return out.toString(UTF_8).lines()
                .map(line -> line.replaceFirst(",\"time\":\"\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z\"", ""))
                .toList();
    }

    private static Exchange exchange(State state, String path, @Nullable String failure, long replayOf) {
        return new Exchange(7, "web", Instant.EPOCH, "::1", Kind.EVENT_STREAM, "GET", "a.localhost", path, 200, state, failure, 1500,
                3, 4, "text/event-stream", replayOf);
    }

    @Test
    void eachEventIsALine() {
        JsonLines lines = lines(true);
        lines.unreachable("no");
        lines.online();
        lines.ready(SHOP);
        lines.localDown(SHOP, "down");
        lines.localUp(SHOP);
        lines.lost("gone");
        lines.refused(SHOP, "taken");
        lines.removed(SHOP);
        lines.exchangesMissed(5);

        assertThat(printed(lines))
                .containsExactly(
                        "{\"event\":\"unreachable\",\"why\":\"no\"}",
                        "{\"event\":\"online\"}",
                        "{\"event\":\"ready\"," + OF_SHOP + "}",
                        "{\"event\":\"local_down\"," + OF_SHOP + ",\"why\":\"down\"}",
                        "{\"event\":\"local_up\"," + OF_SHOP + "}",
                        "{\"event\":\"lost\",\"why\":\"gone\"}",
                        "{\"event\":\"refused\"," + OF_SHOP + ",\"why\":\"taken\"}",
                        "{\"event\":\"removed\"," + OF_SHOP + "}",
                        "{\"event\":\"requests_missed\",\"count\":5}");
    }

    @Test
    void aRequestIsALineOnceItIsOver() {
        JsonLines lines = lines(true);
        lines.exchange(exchange(State.RUNNING, "/", null, 0));
        lines.exchange(exchange(State.FAILED, "/\"\\\033\u2028\ud800é", "reset", 6));

        assertThat(printed(lines))
                .containsExactly("{\"event\":\"request\",\"id\":7,\"tunnel\":\"web\",\"started\":\"1970-01-01T00:00:00Z\","
                        + "\"kind\":\"event_stream\",\"visitor\":\"::1\",\"method\":\"GET\",\"host\":\"a.localhost\","
                        + "\"path\":\"/\\\"\\\\\\u001b\\u2028\\ud800\\u00e9\",\"status\":200,\"micros\":1500,\"request_bytes\":3,"
                        + "\"response_bytes\":4,\"type\":\"text/event-stream\",\"failure\":\"reset\",\"replay_of\":6}");
    }

    @Test
    void quietLeavesRequestsOut() {
        JsonLines lines = lines(false);
        lines.exchange(exchange(State.COMPLETE, "/", null, 0));
        lines.exchangesMissed(5);
        lines.online();

        assertThat(printed(lines)).containsExactly("{\"event\":\"online\"}");
    }

    @Test
    void whoDoesNotReadHearsHowMuchWasDroppedWhenItReadsAgain() throws Exception {
        try (StoppedOutput stopped = new StoppedOutput()) {
            JsonLines lines = new JsonLines(new PrintStream(stopped, true, UTF_8), true);
            for (int i = 0; i < 11_000; i++) {
                lines.online();
            }
            stopped.goOn();
            stopped.awaitLines(10_000);
            lines.lost("x");
            lines.flush();

            List<String> all = stopped.lines();
            assertThat(all).hasSizeBetween(10_002, 10_003).last().asString().contains("\"lost\"");
            assertThat(all.get(all.size() - 2)).containsPattern("\"lines_missed\",\"time\":\"[^\"]+\",\"count\":(999|1000)}");
        }
    }
}
