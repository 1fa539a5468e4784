package tunnel.screen;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tunnel.events.ClientEvents.Shown;
import tunnel.events.ClientModel;
import tunnel.events.ClientSnapshot;
import tunnel.events.Exchange;
import tunnel.events.Exchange.Kind;
import tunnel.events.Exchange.State;
import tunnel.protocol.TunnelProtocol;

class DrawingTest {
    private static final Look BLANK = new Look(false, false, false, true);
    private static final Look FULL = new Look(true, true, true, true);
    private static final String URL = "http://blue-otter.tunnel.example.com";
    private static final Shown SHOP = new Shown(
            1, "", TunnelProtocol.HTTP, "http://localhost:4000", List.of(URL, "http://tunnel.example.com:20000"));

    private final ClientModel model = new ClientModel("tunnel.example.com:7000");

    /// At the moment since which the session is as it is, however long ago that was.
    private List<Row> rows(Look look, boolean code, int columns, int rows, Message... messages) {
        ClientSnapshot client = model.snapshot();
        return new Drawing(look, code).draw(client, List.of(messages), new Size(columns, rows), client.session().since());
    }

    private List<String> text(int columns, int rows, Message... messages) {
        return rows(BLANK, false, columns, rows, messages).stream().map(Row::text).toList();
    }

    private static Exchange exchange(long id, String path, int status) {
        return exchange(id, path, status, status == 0 ? "connection refused" : null);
    }

    private static Exchange exchange(long id, String path, int status, @Nullable String failure) {
        State state = failure == null ? State.COMPLETE : State.FAILED;
        return new Exchange(id, "shop", Instant.now(), "203.0.113.9", Kind.HTTP, "GET", "shop", path, status, state, failure,
                12_345, 0, 1434, "text/html", 0);
    }

    private void serve() {
        model.online();
        model.roundTrip(Duration.ofMillis(23));
        model.ready(SHOP);
        model.inspector("http://localhost:4040/?token=abc");
    }

    @Test
    void aUsualWindowHasAllOfIt() {
        serve();
        model.exchange(exchange(1, "/a", 200));
        model.exchange(exchange(2, "/b?c=d", 404));
        List<String> text = text(80, 24, new Message(Instant.now(), false, "connected"));

        assertThat(text).hasSize(24);
        assertThat(text.get(0)).matches("tunnel-client +q or Ctrl-C to quit").hasSize(80);
        assertThat(text.get(2)).isEqualTo("Session    ● online for 0 s");
        assertThat(text.get(3)).isEqualTo("Server     tunnel.example.com:7000, round trip 23 ms");
        assertThat(text.get(4)).isEqualTo("Inspector  http://localhost:4040/?token=abc");
        assertThat(text.get(6)).isEqualTo("Tunnel     " + URL + " → http://localhost:4000");
        assertThat(text.get(7)).isEqualTo("           http://tunnel.example.com:20000");
        assertThat(text.get(9)).isEqualTo("Requests   2 in all, 0 open   2 in 1 min, 2 in 5 min   p50 12 ms, p90 12 ms");
        assertThat(text.get(11)).matches("\\d\\d:\\d\\d:\\d\\d  GET     /b\\?c=d +404    12 ms   1.4 K").hasSize(80);
        assertThat(text.get(12)).matches(".* GET     /a +200    12 ms   1.4 K");
        assertThat(text.get(23)).matches("\\d\\d:\\d\\d:\\d\\d  connected");
    }

    @Test
    void whatMattersMostIsThereInTheSmallestWindow() {
        serve();
        model.exchange(exchange(1, "/a", 200));
        model.localDown(SHOP, "cannot reach localhost:4000: connection refused. Is your app running?");

        assertThat(text(20, 5))
                .containsExactly(
                        "● online for 0 s",
                        "http://blue-otter.t…",
                        "cannot reach",
                        "localhost:4000:",
                        "connection refused.…");
        model.localUp(SHOP);
        assertThat(text(20, 5))
                .containsExactly(
                        "● online for 0 s", "http://localhost:40…", "http://blue-otter.t…", "1 in all, 0 open", "GET     /a      200");
    }

    @Test
    void noSizeIsOverrunWhateverThereIsToSay() {
        serve();
        String hostile = "/" + "日本\033[31m\u202ee\u0301🚀".repeat(40);
        for (int i = 1; i <= 150; i++) {
            model.exchange(exchange(i, hostile + i, i % 7 * 100));
        }
        model.localDown(SHOP, "cannot reach localhost:4000: connection refused. Is your app running?");
        model.lost(hostile);
        for (int columns : new int[] {1, 2, 5, 10, 20, 35, 36, 49, 50, 59, 60, 63, 64, 80, 89, 90, 120, 300}) {
            for (int rows : new int[] {1, 2, 5, 10, 24, 50, 100}) {
                for (boolean code : new boolean[] {false, true}) {
                    List<Row> drawn = rows(FULL, code, columns, rows, new Message(Instant.now(), true, hostile));
                    assertThat(drawn).hasSizeLessThanOrEqualTo(rows);
                    for (Row row : drawn) {
                        assertThat(Cells.width(row.text())).isLessThanOrEqualTo(columns);
                        assertThat(row.sent().replaceAll("\033\\[[0-9;]*[mG]|\033]8;;[!-~]*\033\\\\", ""))
                                .doesNotContainPattern("\\p{Cc}|\u202e");
                    }
                }
            }
        }
    }

    @Test
    void addressesAreLinksOnlyWhereTheyAreAddresses() {
        model.online();
        model.ready(new Shown(1, "", TunnelProtocol.HTTP, "x", List.of("http://a.example/", "http://b/\u0007\033]0;x", "javascript:alert(1)")));
        String sent = rows(FULL, false, 80, 24).stream().map(Row::sent).collect(Collectors.joining("\n"));

        assertThat(sent).contains("\033]8;;http://a.example/\033\\").doesNotContain("]8;;http://b", "]8;;java", "\u0007");
        assertThat(rows(BLANK, false, 80, 24)).noneMatch(row -> row.sent().contains("\033]8"));
    }

    @Test
    void aLongAddressIsCutButLeadsToWhereItShould() {
        model.online();
        String url = "http://" + "a".repeat(60) + ".example.com";
        model.ready(new Shown(1, "", TunnelProtocol.HTTP, "x", List.of(url)));

        assertThat(rows(FULL, false, 30, 10)).anyMatch(row -> row.sent().contains("]8;;" + url + "\033\\") && row.text().endsWith("…"));
    }

    @Test
    void troubleIsToldInWholeSentences() {
        model.unreachable("cannot reach tunnel.example.com:7000: Connection refused. Is tunnel-server running there?");
        model.retrying(Duration.ofSeconds(9));
        assertThat(String.join(" ", text(80, 24)))
                .containsPattern("● connecting to tunnel.example.com:7000, next try in \\d+ s")
                .containsPattern("Connection refused. Is +tunnel-server running there\\?");
        model.online();
        model.refused(SHOP, "the name shop is taken. Choose another with --name");
        model.lost("the connection to the server was lost: the server closed the connection");
        assertThat(String.join("\n", text(80, 24)))
                .containsPattern("Session    ● reconnecting for 0 s\n           the connection to the server was lost")
                .containsPattern("Tunnel     refused → http://localhost:4000\n           the name shop is taken. Choose");
    }

    @Test
    void manyTunnelsLeaveRoomForRequests() {
        model.online();
        for (int i = 1; i <= 40; i++) {
            model.ready(new Shown(i, "t" + i, TunnelProtocol.HTTP, "x", List.of("http://t" + i + ".example.com")));
            model.exchange(exchange(i, "/" + i, 200));
        }
        assertThat(text(100, 24))
                .anyMatch(row -> row.startsWith("t8         http://t8.example.com"))
                .contains("           and 32 more tunnels")
                .anyMatch(row -> row.matches(".* GET     /40 +shop +200 .*"))
                .anyMatch(row -> row.matches(".* GET     /36 .*"));
    }

    @Test
    void aFailureSaysWhyBesideItsPath() {
        serve();
        model.exchange(exchange(1, "/x", 0));
        assertThat(text(80, 24)).anyMatch(row -> row.matches(".*GET     /x  connection refused +err +12 ms +1.4 K"));
    }

    @Test
    void aQrCodeIsBesideTheRestOrBelowOrIsSaidNotToFit() {
        serve();
        assertThat(rows(BLANK, true, 80, 24).stream().map(Row::text).filter(row -> row.matches(".*[█▀▄].*"))).hasSizeGreaterThan(10);
        assertThat(rows(BLANK, true, 80, 24).getFirst().text()).startsWith("tunnel-client");
        assertThat(rows(BLANK, true, 40, 60)).anyMatch(row -> row.text().strip().startsWith("█▀▀▀▀▀█"));
        assertThat(rows(BLANK, true, 80, 12).stream().map(Row::text))
                .noneMatch(row -> row.contains("█"))
                .anyMatch(row -> row.contains("the window is too small for the QR code, which takes "));
    }

    @Test
    void aTerminalWithoutUnicodeGetsAsciiAndNoColourMeansNone() {
        serve();
        model.exchange(exchange(1, "/é", 500));
        Look ascii = Look.of(Map.of("TERM", "vt100", "NO_COLOR", "1"), java.nio.charset.StandardCharsets.US_ASCII);
        List<Row> rows = rows(ascii, false, 60, 24);

        assertThat(rows).allMatch(row -> row.sent().chars().allMatch(c -> c == 033 || (c >= ' ' && c < 0x7f)));
        assertThat(rows).noneMatch(row -> row.sent().matches(".*\033\\[3[0-9]m.*"));
    }

    @Test
    void onlyRowsThatAreDifferentAreSent() {
        serve();
        Painter painter = new Painter();
        Drawing drawing = new Drawing(BLANK, false);
        Instant now = Instant.now().plus(Duration.ofMinutes(5));
        Size size = new Size(80, 24);
        assertThat(painter.paint(drawing.draw(model.snapshot(), List.of(), size, now))).contains("\033[2J", URL);
        assertThat(painter.paint(drawing.draw(model.snapshot(), List.of(), size, now))).isEmpty();

        model.exchange(exchange(1, "/new", 200));
        String sent = painter.paint(drawing.draw(model.snapshot(), List.of(), size, now));
        assertThat(sent).contains("/new").doesNotContain(URL, "\033[2J");
        painter.forget();
        assertThat(painter.paint(drawing.draw(model.snapshot(), List.of(), size, now))).contains("\033[2J", URL);
    }

    @Test
    void aFullListIsNoLongerThanTheWindow() {
        serve();
        IntStream.rangeClosed(1, 300).forEach(i -> model.exchange(exchange(i, "/" + i, 200)));
        assertThat(text(80, 24)).hasSize(24).anyMatch(row -> row.contains("/300 ")).noneMatch(row -> row.contains("/280 "));
    }
}
