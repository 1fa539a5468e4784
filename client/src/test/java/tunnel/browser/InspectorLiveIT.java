package tunnel.browser;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The list: requests arrive while one looks, and it shows what its filter says.
@Tag("browser")
class InspectorLiveIT extends InspectionScene {
    @BeforeEach
    void startWithAnEmptyList() {
        page.open(inspection.address());
        page.run("return fetch('/api/requests', {method: 'DELETE', headers: {'X-Tunnel-Inspector': '1'}})");
        Page.await("empty").until(() -> page.paths().isEmpty());
    }

    @Test
    void anEmptyListSaysWhatToTry() {
        page.awaitText("#empty", "No requests yet");
        assertThat(page.text("#try-line")).startsWith("curl http://");
    }

    @Test
    void aRequestIsThereWithinASecond() throws Exception {
        long least = millisUntilSeen("/now/1");
        for (int times = 2; times <= 3 && least >= 1_000; times++) { // other programs may have had the processor
            least = Math.min(least, millisUntilSeen("/now/" + times));
        }
        assertThat(least).isLessThan(1_000);
        page.awaitText(".row", "200");
        assertThat(page.text(".row")).contains("GET").contains("ms");
    }

    private static long millisUntilSeen(String path) throws Exception {
        page.run("""
                const path = arguments[0];
                window.seen = new Promise(done => new MutationObserver(() => {
                  if ([...document.querySelectorAll('.row .path')].some(one => one.textContent === path)) done(Date.now());
                }).observe(document.body, {subtree: true, childList: true, characterData: true}))""", path);
        long before = System.currentTimeMillis();
        inspection.get(path);
        return page.number("window.seen") - before;
    }

    @Test
    void failuresStandOutBySignAndWordAndNotByColourAlone() throws Exception {
        inspection.app().answers("/broken", 503, "text/plain", "no");
        inspection.get("/broken");
        inspection.get("/hangs-up");
        inspection.get("/fine");
        page.awaitRow("/fine");
        Page.await("an end for each").until(() -> page.number("document.querySelectorAll('.row.running').length") == 0);
        assertThat(page.string("""
                const failed = [...document.querySelectorAll('.row')].filter(row => row.querySelector('.status svg[aria-label=failed]'));
                return [...new Set(failed.map(row => row.querySelector('.path').textContent))].sort().join()""")).isEqualTo("/broken,/hangs-up");
        assertThat(page.text(".row.bad .status")).isIn("503", "ERR");
    }

    @Test
    void theFilterFindsPathsHeadersAndBodiesAlsoOfWhatComesLater() throws Exception {
        inspection.app().answers("/a", 200, "X-Colour: ultramarine", "x".getBytes(UTF_8));
        inspection.get("/a");
        inspection.post("/b", "application/json", "{\"colour\":\"vermilion\"}".getBytes(UTF_8));
        inspection.get("/c");
        page.awaitRow("/c");
        page.write("#q", "ultramarine");
        Page.await("by header").untilAsserted(() -> assertThat(page.paths()).containsExactly("/a"));
        page.write("#q", "vermilion");
        Page.await("by body").untilAsserted(() -> assertThat(page.paths()).containsExactly("/b"));
        inspection.post("/d", "text/plain", "vermilion too".getBytes(UTF_8));
        inspection.get("/e");
        Page.await("one that came later").untilAsserted(() -> assertThat(page.paths()).containsExactly("/d", "/b"));
        page.write("#q", "nowhere to be found");
        page.awaitText("#empty", "Nothing matches");
        page.click("#unfilter");
        Page.await("all again").untilAsserted(() -> assertThat(page.paths()).containsExactly("/e", "/d", "/c", "/b", "/a"));
    }

    @Test
    void theFilterNarrowsToAMethodAndAClassOfStatus() throws Exception {
        inspection.app().answers("/missing", 404, "text/plain", "no");
        inspection.get("/missing");
        inspection.post("/missing", "text/plain", new byte[0]);
        inspection.post("/there", "text/plain", new byte[0]);
        page.awaitRow("/there");
        page.choose("#method", "POST");
        Page.await("POST").untilAsserted(() -> assertThat(page.paths()).containsExactly("/there", "/missing"));
        page.choose("#status", "4xx");
        Page.await("4xx").untilAsserted(() -> assertThat(page.paths()).containsExactly("/missing"));
    }

    @Test
    void whatArrivesWhileTheListIsAskedForStaysWhereItIs() throws Exception {
        inspection.get("/first");
        page.awaitRow("/first");
        page.run("""
                const real = window.fetch;
                window.fetch = async (path, options) => {
                  const answer = await real(path, options);
                  if (!String(path).startsWith('/api/requests?')) return answer;
                  window.fetch = real;
                  const text = await answer.text();
                  await new Promise(go => window.release = go);
                  return {ok: answer.ok, status: answer.status, text: async () => text};
                }""");
        page.choose("#method", "GET");
        Page.await("an answer that is under way").until(() -> page.number("window.release ? 1 : 0") == 1);
        inspection.get("/second");
        page.awaitRow("/second");
        Page.await("its end").until(() -> page.number("document.querySelectorAll('.row.running').length") == 0);
        page.run("""
                window.second = [...document.querySelectorAll('.row')].find(row => row.textContent.includes('/second'));
                window.release();
                return new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))""");
        assertThat(page.paths()).containsExactly("/second", "/first");
        assertThat(page.number("window.second.isConnected ? 1 : 0")).as("the row, on which a click may have begun").isEqualTo(1);
        assertThat(page.text("#counts")).isEqualTo("2 of 2 requests");
        page.choose("#method", "");
    }

    @Test
    void whoReadsFurtherDownIsNotMovedByWhatArrives() throws Exception {
        for (int i = 0; i < 60; i++) {
            inspection.get("/old/" + i);
        }
        page.awaitRow("/old/59");
        page.run("document.querySelector('#list').scrollTop = 615");
        Page.await("scrolled").until(() -> !page.paths().contains("/old/59"));
        double before = topOf("/old/30");
        for (int i = 0; i < 10; i++) {
            inspection.get("/new/" + i);
        }
        page.awaitText("#unseen", "10 new");
        assertThat(topOf("/old/30")).isEqualTo(before);
        page.click("#unseen");
        page.awaitRow("/new/9");
    }

    private static double topOf(String path) {
        return Double.parseDouble(page.string("""
                return [...document.querySelectorAll('.row')].find(row => row.querySelector('.path').textContent === arguments[0])
                  .getBoundingClientRect().top""", path));
    }

    @Test
    void pausedItStandsStillAndThenShowsAllThatCame() throws Exception {
        inspection.get("/before");
        page.awaitRow("/before");
        page.click("#pause");
        inspection.get("/meanwhile");
        page.awaitText("#held", "1 new request");
        assertThat(page.paths()).containsExactly("/before");
        page.click("#pause");
        Page.await("both").untilAsserted(() -> assertThat(page.paths()).containsExactly("/meanwhile", "/before"));
    }

    @Test
    void clearForgetsAllAfterAQuestion() throws Exception {
        inspection.get("/secret");
        page.awaitRow("/secret");
        page.click("#clear");
        page.click("#forget-yes");
        Page.await("gone").until(() -> page.paths().isEmpty());
        assertThat(page.complaints()).isEqualTo(List.of());
    }
}
